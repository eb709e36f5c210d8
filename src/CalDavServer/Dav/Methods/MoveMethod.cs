namespace CalDavServer.Dav.Methods;

/// <summary>MOVE of a calendar object (RFC 4918 §9.9).</summary>
internal sealed class MoveMethod : IMethod
{
    public string Name => "MOVE";

    public bool TakesBody => false;

    public ValueTask<DavError?> InvokeAsync(DavRequest request) => Transfer.InvokeAsync(request, removeSource: true);
}
