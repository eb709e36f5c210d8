namespace CalDavServer.Dav.Methods;

/// <summary>OPTIONS (RFC 9110 §9.3.7): the classes and the methods that work here.</summary>
internal sealed class OptionsMethod : IMethod
{
    public string Name => "OPTIONS";

    public bool TakesBody => false;

    public ValueTask<DavError?> InvokeAsync(DavRequest request)
    {
        var response = request.Http.Response;
        response.Headers.Allow = MethodTable.Allow(request.Resource, request.Path);
        response.ContentLength = 0;
        return default;
    }
}
