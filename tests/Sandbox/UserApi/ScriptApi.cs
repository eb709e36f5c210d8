using System.Text.Json;
using System.Text.Json.Nodes;
using NodaTime;
using NodaTime.Text;
using Sandbox.Faults;
using Sandbox.Hooks;
using Sandbox.State;

namespace Sandbox.UserApi;

/// <summary>What is scripted: the clock, the faults, and what was sent to the hooks.</summary>
public sealed class ScriptApi(Store store, VirtualClock clock, HookSender hooks)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/user/clock", http => ClockNow().WriteAsync(http));
        routes.MapPost("/user/clock", http => Refused.GuardAsync(http, () => SetClockAsync(http)));
        routes.MapGet("/user/faults", http => new Reply(200, JsonSerializer.SerializeToNode(store.Locked(() => store.Faults.FindAll().ToList()), JsonSerializerOptions.Web)).WriteAsync(http));
        routes.MapPost("/user/faults", http => Refused.GuardAsync(http, () => AddFaultAsync(http)));
        routes.MapDelete("/user/faults", http => new Reply(200, store.Locked(() => store.Faults.DeleteAll())).WriteAsync(http));
        routes.MapGet("/user/hooks", http => new Reply(200, JsonSerializer.SerializeToNode(store.Locked(() => store.Hooks.FindAll().Where(hook => hook.ExpiresAt > clock.GetCurrentInstant().ToUnixTimeMilliseconds()).Select(hook => hook.Id).ToList()), JsonSerializerOptions.Web)).WriteAsync(http));
        routes.MapGet("/user/pushes", http => new Reply(200, JsonSerializer.SerializeToNode(hooks.Log, JsonSerializerOptions.Web)).WriteAsync(http));
    }

    private Reply ClockNow() => new(200, new JsonObject { ["now"] = InstantPattern.ExtendedIso.Format(clock.GetCurrentInstant()), ["running"] = clock.Runs });

    /// <summary>{"now": …, "running": false} sets it; {"advance": "P1DT2H"} lets time pass.</summary>
    private async Task SetClockAsync(HttpContext http)
    {
        JsonObject body;
        if (http.Request.HasFormContentType) body = new JsonObject { ["advance"] = (await http.Request.ReadFormAsync())["advance"].ToString() };
        else body = (JsonObject)(await JsonNode.ParseAsync(http.Request.Body))!;
        if ((string?)body["now"] is { } now) clock.Set(InstantPattern.ExtendedIso.Parse(now).Value, (bool?)body["running"] ?? clock.Runs);
        if ((string?)body["advance"] is { } by) clock.Advance(PeriodPattern.NormalizingIso.Parse(by).Value.ToDuration());
        if (http.Request.HasFormContentType) http.Response.Redirect("/");
        else await ClockNow().WriteAsync(http);
    }

    private async Task AddFaultAsync(HttpContext http)
    {
        var fault = await JsonSerializer.DeserializeAsync<Fault>(http.Request.Body, JsonSerializerOptions.Web);
        if (fault is null || !FaultKinds.All.Contains(fault.Kind))
        {
            await new Reply(400, new JsonObject { ["error"] = $"The kinds of fault are {string.Join(", ", FaultKinds.All)}." }).WriteAsync(http);
            return;
        }
        fault.Id = 0;
        store.Locked(() => store.Faults.Insert(fault));
        await new Reply(200, JsonSerializer.SerializeToNode(fault, JsonSerializerOptions.Web)).WriteAsync(http);
    }
}
