using System.Text.Json.Nodes;
using Sandbox.Faults;
using Sandbox.State;

namespace Sandbox.Halaxy;

/// <summary>One call: who calls, with what, and on which practice.</summary>
public sealed record HalaxyCall(HttpRequest Request, HalaxyKey Key, HalaxyBook Book, Store Store, Struck Struck, JsonObject? Body)
{
    public string Route(string name) => (string)Request.RouteValues[name]!;

    public void Need(string type)
    {
        if (!HalaxyNames.Scopes.Contains(type)) throw HalaxyException.NotFound(type);
        if (!Key.Scopes.Contains(type)) throw HalaxyException.Scope(type);
    }
}
