namespace CalDavServer.Dav;

/// <summary>The Destination and Overwrite headers of COPY and MOVE (RFC 4918 §10.3, §10.6).</summary>
internal readonly record struct Destination(DavPath Path, bool Overwrite)
{
    public static DavError? TryParse(HttpRequest request, out Destination destination)
    {
        destination = default;
        if (!request.Headers.TryGetValue("Destination", out var values) || values is not [{ Length: > 0 } target])
            return DavError.BadRequest("COPY and MOVE need a Destination.");
        var overwrite = request.Headers.TryGetValue("Overwrite", out var choice) ? choice.ToString() : "T";
        if (overwrite is not ("T" or "t" or "F" or "f")) return DavError.BadRequest("Overwrite is T or F.");
        if (!IsSimpleReference(target)) return DavError.BadRequest("The Destination is an absolute path or an absolute URL.");
        if (target[0] != '/' && !IsHere(target, request)) return new DavError(502, null, "The Destination is on another server.");
        var raw = RequestTarget.PathOf(target);
        if (!RequestTarget.IsWellFormed(raw)) return DavError.BadRequest("The Destination has a percent sign that does not begin a byte of UTF-8.");
        if (!DavPath.TryParse(raw, out var path))
            return DavPath.HasLongName(raw) ? new DavError(403, null, DavPath.LongNameReason) : new DavError(409, null, "There is no such calendar.");
        destination = new Destination(path, overwrite is "T" or "t");
        return null;
    }

    // RFC 4918 §8.3: an absolute URL, or an absolute path; without a fragment
    private static bool IsSimpleReference(string target) =>
        (target[0] == '/' ? !target.StartsWith("//", StringComparison.Ordinal) : Uri.TryCreate(target, UriKind.Absolute, out _))
        && target.AsSpan().IndexOfAny("#\\ ") < 0;

    /// <summary>Whether an absolute URL is of this server. The scheme is not looked at: a proxy may have changed it.</summary>
    public static bool IsHere(string target, HttpRequest request) =>
        Uri.TryCreate(target, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
        && string.Equals(uri.Host, request.Host.Host, StringComparison.OrdinalIgnoreCase)
        && (uri.IsDefaultPort || request.Host.Port is not { } port || uri.Port == port);
}
