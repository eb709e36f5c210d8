using CalDavServer.Dav.Xml;
using CalDavServer.Http;
using static CalDavServer.Dav.DavNames;

namespace CalDavServer.Dav;

/// <summary>
/// Answers a refusal: <c>DAV:error</c> with the condition that failed (RFC 4918 §16), or a sentence. Never an empty <c>DAV:error</c>: Thunderbird takes that for rate limiting.
/// </summary>
internal static class ErrorWriter
{
    public static Task WriteAsync(HttpResponse response, DavError error)
    {
        response.StatusCode = error.Status;
        response.Headers.Remove("Preference-Applied");
        if (error.Status == StatusCodes.Status503ServiceUnavailable) response.Headers.RetryAfter = UnexpectedFailures.RetryAfterSeconds;
        if (error.Condition is not { } condition) return WriteTextAsync(response, error);

        using var xml = new XmlUtf8Writer();
        xml.Root(D("error"));
        xml.Open(condition);
        if (error.Privilege is { } privilege) WritePrivilege(xml, error.Href!, privilege);
        else if (error.Href is { } href) xml.Href(href);
        xml.Close(condition);
        if (error.Sentence is { } sentence) xml.Element(D("responsedescription"), sentence);
        xml.Raw("</D:error>"u8);
        response.ContentType = "application/xml; charset=utf-8";
        return WriteAsync(response, xml.Written.ToArray());
    }

    // RFC 3744 §7.1.1
    private static void WritePrivilege(XmlUtf8Writer xml, string href, Calendaring.Store.PropertyName privilege)
    {
        xml.Raw("<D:resource>"u8);
        xml.Href(href);
        xml.Raw("<D:privilege>"u8);
        xml.Empty(privilege);
        xml.Raw("</D:privilege></D:resource>"u8);
    }

    private static Task WriteTextAsync(HttpResponse response, DavError error)
    {
        var sentence = error.Sentence ?? Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(error.Status);
        response.ContentType = "text/plain; charset=utf-8";
        return WriteAsync(response, System.Text.Encoding.UTF8.GetBytes(sentence + "\n"));
    }

    private static Task WriteAsync(HttpResponse response, byte[] body)
    {
        response.ContentLength = body.Length;
        return HttpMethods.IsHead(response.HttpContext.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(body).AsTask();
    }
}
