namespace CalDavServer.Dav.Methods;

/// <summary>COPY of a calendar object (RFC 4918 §9.8).</summary>
internal sealed class CopyMethod : IMethod
{
    public string Name => "COPY";

    public bool TakesBody => false;

    public ValueTask<DavError?> InvokeAsync(DavRequest request) => Transfer.InvokeAsync(request, removeSource: false);
}
