using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using CalDavServer.Dav.Resources;
using CalDavServer.Dav.Xml;
using Calendaring.ICalendar;

namespace CalDavServer.Dav.Methods;

/// <summary>The page on which a person sees what is in a calendar, with a link to each object. Without styles and scripts: it is for looking at what is served.</summary>
internal static class CalendarListing
{
    /// <summary>Its media type.</summary>
    public const string ContentType = "text/html; charset=utf-8";

    public static async ValueTask WriteAsync(DavRequest request, CalendarResource calendar, PieceSender sender)
    {
        var name = Html(await calendar.ReadNameAsync(request));
        Write($"<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>{name}</title></head>\n<body><h1>{name}</h1>\n");
        Write("<table><thead><tr><th scope=\"col\">Start</th><th scope=\"col\">Title</th><th scope=\"col\">Object</th></tr></thead><tbody>\n");
        var count = 0;
        await foreach (var (row, shown) in CalendarDownload.ListAsync(request, calendar))
        {
            var main = shown.Calendar.Components.FirstOrDefault(component => component.Name == row.Index.Component && component.Find("RECURRENCE-ID") is null)
                ?? shown.Calendar.Components.FirstOrDefault(component => component.Name == row.Index.Component);
            Write($"<tr><td>{Html(StartOf(main))}</td><td>{Html(main?.Find("SUMMARY")?.Text ?? "")}</td><td><a href=\"{Html(calendar.Href + DavPath.Encode(row.Name))}\">{Html(row.Name)}</a></td></tr>\n");
            count++;
            await sender.DrainAsync();
        }

        Write(string.Create(CultureInfo.InvariantCulture, $"</tbody></table>\n<p>{(count == 1 ? "1 object." : $"{count} objects.")}</p></body></html>\n"));

        void Write(string text) => Encoding.UTF8.GetBytes(text, sender.Buffer);
    }

    private static string StartOf(Component? component)
    {
        if ((component?.Find("DTSTART") ?? component?.Find("DUE")) is not { } line || !line.TryReadTime(out var time)) return "";
        var local = time.Local.ToString(time.IsDate ? "uuuu-MM-dd" : "uuuu-MM-dd HH:mm", CultureInfo.InvariantCulture);
        return time.TimeZoneId is { } zone ? $"{local} {zone}" : time.Kind == CalendarTimeKind.Utc ? $"{local} UTC" : local;
    }

    private static string Html(string text) => HtmlEncoder.Default.Encode(text);
}
