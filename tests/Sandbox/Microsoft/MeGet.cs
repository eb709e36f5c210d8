using System.Text.Json.Nodes;

namespace Sandbox.Microsoft;

public static class MeGet
{
    public static readonly GraphMethod Method = new("graph.me.get", "GET", ["me"], call => new Reply(200, new JsonObject
    {
        ["id"] = call.Account.Subject,
        ["userPrincipalName"] = call.Account.Email,
        ["mail"] = call.Account.Email,
        ["displayName"] = call.Account.Email.Split('@')[0],
    }), ["$select"]);
}
