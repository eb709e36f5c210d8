using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CalDavServer.Web.Calendar;

/// <summary>
/// The style sheet that puts appointments in their places: a class for each row, length, lane and colour. A page has no style of its own
/// (<see cref="SecurityHeaders"/>), so an appointment cannot say where it stands but by a class.
/// </summary>
internal static class GridStyles
{
    // CSS Color 3 §4.3: what COLOR may hold (RFC 7986 §5.9)
    private static readonly HashSet<string> Colours =
    [
        .. """
           aliceblue antiquewhite aqua aquamarine azure beige bisque black blanchedalmond blue blueviolet brown burlywood cadetblue chartreuse
           chocolate coral cornflowerblue cornsilk crimson cyan darkblue darkcyan darkgoldenrod darkgray darkgreen darkgrey darkkhaki darkmagenta
           darkolivegreen darkorange darkorchid darkred darksalmon darkseagreen darkslateblue darkslategray darkslategrey darkturquoise darkviolet
           deeppink deepskyblue dimgray dimgrey dodgerblue firebrick floralwhite forestgreen fuchsia gainsboro ghostwhite gold goldenrod gray green
           greenyellow grey honeydew hotpink indianred indigo ivory khaki lavender lavenderblush lawngreen lemonchiffon lightblue lightcoral
           lightcyan lightgoldenrodyellow lightgray lightgreen lightgrey lightpink lightsalmon lightseagreen lightskyblue lightslategray
           lightslategrey lightsteelblue lightyellow lime limegreen linen magenta maroon mediumaquamarine mediumblue mediumorchid mediumpurple
           mediumseagreen mediumslateblue mediumspringgreen mediumturquoise mediumvioletred midnightblue mintcream mistyrose moccasin navajowhite
           navy oldlace olive olivedrab orange orangered orchid palegoldenrod palegreen paleturquoise palevioletred papayawhip peachpuff peru pink
           plum powderblue purple red rosybrown royalblue saddlebrown salmon sandybrown seagreen seashell sienna silver skyblue slateblue slategray
           slategrey snow springgreen steelblue tan teal thistle tomato turquoise violet wheat white whitesmoke yellow yellowgreen
           """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries),
    ];

    private static readonly byte[] Sheet = Encoding.UTF8.GetBytes(Write());

    /// <summary>The sheet's address, with the version of its content.</summary>
    public static string Address { get; } = $"/calendar/grid.css?v={Convert.ToHexStringLower(SHA256.HashData(Sheet).AsSpan(0, 6))}";

    public static async Task AnswerAsync(HttpContext context)
    {
        SecurityHeaders.OfAsset(context);
        context.Response.Headers.Pragma = default;
        context.Response.ContentType = "text/css; charset=utf-8";
        await context.Response.Body.WriteAsync(Sheet, context.RequestAborted);
    }

    /// <summary>The class of a colour that a person or a calendar app has chosen; null when it is not a name of CSS.</summary>
    public static string? Tint(string? colour)
    {
        if (colour is null) return null;
        var name = colour.ToLowerInvariant();
        return Colours.Contains(name) ? $"tint-{name}" : null;
    }

    private static string Write()
    {
        var css = new StringBuilder();
        const int rows = DayColumn.Minutes / TimeGrid.Row;
        for (var row = 0; row <= rows; row++) css.Append(CultureInfo.InvariantCulture, $".from-{row}{{grid-row-start:{row + 1}}}");
        for (var row = 1; row <= rows; row++) css.Append(CultureInfo.InvariantCulture, $".span-{row}{{grid-row-end:span {row}}}");
        for (var count = 2; count <= Lanes.Most; count++)
        {
            for (var lane = 0; lane < count; lane++)
                css.Append(CultureInfo.InvariantCulture, $".column .lane-{lane}-of-{count}{{margin-left:{100m * lane / count:0.##}%;width:calc({100m / count:0.##}% - 2px)}}");
        }

        for (var days = 1; days <= 8; days++) css.Append(CultureInfo.InvariantCulture, $".days-{days}{{--days:{days}}}");
        foreach (var colour in Colours) css.Append(CultureInfo.InvariantCulture, $".tint-{colour}{{--tint:{colour}}}");
        return css.ToString();
    }
}
