namespace CalDavServer.Dav.Methods;

/// <summary>POST of a calendar object to a calendar, which gives it a name (RFC 5995): the calendar's own address is its <c>DAV:add-member</c>.</summary>
internal sealed class AddMemberMethod : IMethod
{
    public string Name => "POST";

    public ValueTask<DavError?> InvokeAsync(DavRequest request) =>
        ObjectPut.InvokeAsync(request, request.Path with { Kind = DavPathKind.Object, Object = $"{Guid.NewGuid():N}.ics" });
}
