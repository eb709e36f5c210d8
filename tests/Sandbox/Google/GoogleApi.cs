using System.Text.Json;
using System.Text.Json.Nodes;
using Sandbox.Faults;
using Sandbox.SignIn;
using Sandbox.State;

namespace Sandbox.Google;

/// <summary>Google Calendar v3: takes each call through sign-in, faults and quota to its method.</summary>
public sealed class GoogleApi(Store store, VirtualClock clock, FaultScript faults, GoogleQuota quota, GooglePush push, Bearer bearer)
{
    public const string Root = "/calendar/v3";
    private const int LargestBody = 1 << 20;

    public void Map(IEndpointRouteBuilder routes)
    {
        foreach (var method in GoogleMethods.All)
            routes.MapMethods(Root + Template(method.Path), [method.Verb], http => RunAsync(method, http));
        routes.Map(Root + "/{**rest}", http => WriteAsync(http, Refusal.NotImitated("this method")));
    }

    private static string Template(string path) => "/" + path;

    private async Task RunAsync(GoogleMethod method, HttpContext http)
    {
        try
        {
            var grant = await bearer.ReadAsync(http, "google") ?? throw Refusal.Unauthorized();
            var struck = new Struck(faults.Take(method.Id, grant.Account, http.Request.RouteValues["eventId"] as string));
            var body = await ReadAsync(http, method);
            if (await struck.BeforeAsync(http)) return;
            ThrowScripted(struck);
            var call = new GoogleCall(http, method, body, grant, store, clock, push, struck);
            var reply = store.Locked(() => Handle(call));
            if (struck.After(http)) return;
            await reply.WriteAsync(http);
        }
        catch (GoogleException refusal)
        {
            await WriteAsync(http, refusal);
        }
    }

    private Reply Handle(GoogleCall call)
    {
        quota.Take(call.Grant, call.Method.Cost);
        call.CheckScopes();
        call.CheckParameters();
        if (call.Struck.Has(FaultKinds.Race)) call.Race();
        return call.Method.Handle(call);
    }

    private static void ThrowScripted(Struck struck)
    {
        if (struck.Has(FaultKinds.Gone)) throw Refusal.FullSyncRequired();
        if (struck[FaultKinds.Status] is not { } fault) return;
        var domain = fault.Reason is "userRateLimitExceeded" or "rateLimitExceeded" or "quotaExceeded" ? "usageLimits" : "global";
        throw new GoogleException(fault.Status, fault.Reason ?? DefaultReason(fault.Status), "Scripted by the sandbox", domain) { RetryAfter = fault.RetryAfter };
    }

    private static string DefaultReason(int status) => status switch { 403 => "userRateLimitExceeded", 429 => "rateLimitExceeded", _ => "backendError" };

    private static async Task<JsonObject?> ReadAsync(HttpContext http, GoogleMethod method)
    {
        if (method.Body is null) return null;
        using var buffer = new MemoryStream();
        var chunk = new byte[8192];
        for (int read; (read = await http.Request.Body.ReadAsync(chunk)) > 0;)
        {
            if (buffer.Length + read > LargestBody) throw new GoogleException(413, "uploadTooLarge", "Request too large");
            buffer.Write(chunk, 0, read);
        }
        try
        {
            var body = JsonNode.Parse(buffer.ToArray()) as JsonObject ?? throw ParseError();
            method.Body.Check(body, "");
            return body;
        }
        catch (JsonException)
        {
            throw ParseError();
        }
        catch (ShapeException wrong)
        {
            throw Refusal.Invalid(wrong.Message);
        }
    }

    private static GoogleException ParseError() => new(400, "parseError", "Parse Error");

    private static Task WriteAsync(HttpContext http, GoogleException refusal)
    {
        if (refusal.RetryAfter is { } seconds) http.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return new Reply(refusal.Status, refusal.Body()).WriteAsync(http);
    }
}
