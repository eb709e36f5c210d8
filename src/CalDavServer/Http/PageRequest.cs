namespace CalDavServer.Http;

/// <summary>In <c>HttpContext.Features</c> of a request that people make in a browser, as opposed to one of a device.</summary>
internal sealed class PageRequest;
