using System.Text;

namespace CalDavServer.Dav.Methods;

/// <summary>What GET answers on a collection that is no calendar: a line for the person who looks with a browser.</summary>
internal static class CollectionLine
{
    /// <summary>Its media type.</summary>
    public const string ContentType = "text/plain; charset=utf-8";

    private static readonly byte[] Text = Encoding.UTF8.GetBytes("This is a CalDAV address: give it to a calendar app, with your login and an app password.\n");

    /// <summary>Its length in bytes.</summary>
    public static int Length => Text.Length;

    public static ValueTask WriteAsync(DavRequest request)
    {
        request.Http.Response.ContentType = ContentType;
        return GetMethod.WriteBodyAsync(request, Text);
    }
}
