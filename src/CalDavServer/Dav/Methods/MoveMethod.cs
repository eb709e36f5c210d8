using CalDavServer.Dav.Resources;

namespace CalDavServer.Dav.Methods;

/// <summary>MOVE (RFC 4918 §9.9) of a calendar object, or of an ordinary calendar.</summary>
internal sealed class MoveMethod : IMethod
{
    public string Name => "MOVE";

    public bool TakesBody => false;

    public ValueTask<DavError?> InvokeAsync(DavRequest request) =>
        request.Resource is CalendarResource ? CalendarMove.InvokeAsync(request) : Transfer.InvokeAsync(request, removeSource: true);
}
