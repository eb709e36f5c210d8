namespace CalDavServer.Dav.Methods;

/// <summary>A method of HTTP or WebDAV on the DAV tree: one class, one row of the method table.</summary>
internal interface IMethod
{
    /// <summary>The method's name.</summary>
    string Name { get; }

    /// <summary>Whether a request body means anything.</summary>
    bool TakesBody => true;

    /// <summary>Answers the request, or says why it is refused: then nothing has been written.</summary>
    ValueTask<DavError?> InvokeAsync(DavRequest request);
}
