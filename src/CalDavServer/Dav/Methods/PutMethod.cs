namespace CalDavServer.Dav.Methods;

/// <summary>PUT of a calendar object under the name that the client gives it (RFC 4791 §5.3.2).</summary>
internal sealed class PutMethod : IMethod
{
    public string Name => "PUT";

    public ValueTask<DavError?> InvokeAsync(DavRequest request) => ObjectPut.InvokeAsync(request, request.Path);
}
