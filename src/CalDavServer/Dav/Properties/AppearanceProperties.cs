using System.Buffers;
using System.Globalization;
using System.Xml.Linq;
using CalDavServer.Dav.Resources;
using static CalDavServer.Dav.DavNames;

namespace CalDavServer.Dav.Properties;

/// <summary>How a calendar is shown, shared between a person's devices. Kept as sent: Apple puts a <c>symbolic-color</c> attribute on the colour.</summary>
internal static class AppearanceProperties
{
    private static readonly SearchValues<char> Emails = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    public static IReadOnlyList<LiveProperty> Rows { get; } =
    [
        new(A("calendar-color"), ResourceKinds.Calendar, LiveProperty.Nothing)
        {
            InAllProp = true,
            SettableOn = ResourceKinds.Calendar,
            AtCreation = true,
            Check = CheckColor,
        },
        new(A("calendar-order"), ResourceKinds.Calendar, LiveProperty.Nothing)
        {
            InAllProp = true,
            SettableOn = ResourceKinds.Calendar,
            AtCreation = true,
            Check = CheckOrder,
        },
    ];

    // #RGB, #RRGGBB, #RRGGBBAA or a name
    private static DavError? CheckColor(XElement value)
    {
        var text = value.Value.AsSpan().Trim();
        var good = !value.HasElements && text.Length is > 0 and <= 32
            && (text[0] == '#'
                ? text.Length is 4 or 7 or 9 && uint.TryParse(text[1..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _)
                : text.IndexOfAnyExcept(Emails) < 0);
        return good ? null : new DavError(409, null, "A calendar's colour is #RRGGBB, #RRGGBBAA or a colour's name.");
    }

    private static DavError? CheckOrder(XElement value) =>
        !value.HasElements && int.TryParse(value.Value.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)
            ? null
            : new DavError(409, null, "A calendar's order is a number.");
}
