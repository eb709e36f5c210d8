using CalDavServer.Options;

namespace CalDavServer.Web.SignIn;

/// <summary>
/// The names of the pages' cookies. Where people come over https alone they begin with <c>__Host-</c>: a browser takes such a cookie from this very host only, over https, for the whole of it
/// (RFC 6265bis §4.1.3.2), so that no neighbour under the same domain can plant one.
/// </summary>
internal static class CookieName
{
    public static string Of(string name, ServerOptions options) => options.IsHttpsOnly ? "__Host-" + name : name;
}
