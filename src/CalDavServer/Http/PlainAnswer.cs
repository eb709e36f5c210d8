using System.Text;

namespace CalDavServer.Http;

/// <summary>An answer of one line of text, for people who read it; clients go by the status.</summary>
internal static class PlainAnswer
{
    /// <summary>Writes it.</summary>
    public static async Task WriteAsync(HttpResponse response, int status, string line)
    {
        var bytes = Encoding.UTF8.GetBytes(line + "\n");
        response.StatusCode = status;
        response.ContentType = "text/plain; charset=utf-8";
        response.ContentLength = bytes.Length;
        if (!HttpMethods.IsHead(response.HttpContext.Request.Method)) await response.Body.WriteAsync(bytes);
    }
}
