using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sandbox.Faults;
using Sandbox.SignIn;
using Sandbox.State;

namespace Sandbox.Microsoft;

/// <summary>Microsoft Graph v1.0, calendars: takes each call through sign-in, throttling and faults to its operation.</summary>
public sealed class GraphApi(Store store, VirtualClock clock, FaultScript faults, GraphThrottle throttle, GraphPush push, Bearer bearer)
{
    public const string Root = "/v1.0";
    private static readonly string[] Scopes = ["Calendars.ReadWrite", "https://graph.microsoft.com/Calendars.ReadWrite"];

    public void Map(IEndpointRouteBuilder routes)
    {
        foreach (var method in GraphMethods.All)
            foreach (var path in method.Paths)
                routes.MapMethods($"{Root}/{path}", [method.Verb], http => RunAsync(method, http));
        routes.Map(Root + "/{**rest}", http => WriteAsync(http, GraphRefusal.NotImitated("this operation")));
    }

    private async Task RunAsync(GraphMethod method, HttpContext http)
    {
        Action? leave = null;
        try
        {
            var grant = await bearer.ReadAsync(http, "microsoft") ?? throw GraphRefusal.Unauthorized();
            leave = throttle.Enter(grant);
            if (!grant.Scopes.Intersect(Scopes).Any()) throw GraphRefusal.Denied();
            var struck = new Struck(faults.Take(method.Id, grant.Account, http.Request.RouteValues["eventId"] as string));
            var call = new GraphCall(http, method, await ReadAsync(http, method), grant, store, clock, push, struck);
            if (await struck.BeforeAsync(http)) return;
            ThrowScripted(struck);
            call.CheckOptions();
            if (method.Before is not null) await method.Before(call);
            var reply = store.Locked(() => Handle(call));
            if (struck.After(http)) return;
            await reply.WriteAsync(http);
        }
        catch (GraphException refusal)
        {
            await WriteAsync(http, refusal);
        }
        finally
        {
            leave?.Invoke();
        }
    }

    private static Reply Handle(GraphCall call)
    {
        if (call.Struck.Has(FaultKinds.Race)) call.Race();
        return call.Method.Handle(call);
    }

    private static void ThrowScripted(Struck struck)
    {
        if (struck.Has(FaultKinds.Gone)) throw GraphRefusal.SyncState();
        if (struck[FaultKinds.Status] is { } fault)
            throw new GraphException(fault.Status, fault.Reason ?? (fault.Status == 429 ? "ApplicationThrottled" : "UnknownError"), "Scripted by the sandbox") { RetryAfter = fault.RetryAfter };
    }

    private static async Task<JsonObject?> ReadAsync(HttpContext http, GraphMethod method)
    {
        if (method.Body is null) return null;
        try
        {
            var body = await JsonNode.ParseAsync(http.Request.Body) as JsonObject ?? throw GraphRefusal.BadRequest("A JSON object was expected.");
            foreach (var name in body.Select(x => x.Key).Where(x => x.StartsWith('@') || x.EndsWith("@odata.type", StringComparison.Ordinal)).ToList()) body.Remove(name);
            method.Body.Check(body, "");
            return body;
        }
        catch (Exception wrong) when (wrong is JsonException or ShapeException)
        {
            throw new GraphException(400, "RequestBodyRead", wrong.Message);
        }
    }

    private static Task WriteAsync(HttpContext http, GraphException refusal)
    {
        if (refusal.RetryAfter is { } seconds) http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return new Reply(refusal.Status, refusal.Body()).WriteAsync(http);
    }
}
