using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sandbox.Faults;
using Sandbox.State;

namespace Sandbox.Halaxy;

/// <summary>The Halaxy API (halaxy.md §4): takes each call through its token, its rate and the fault script to what it asks for.</summary>
public sealed class HalaxyApi(Store store, VirtualClock clock, FaultScript faults, HalaxyTokens tokens, HalaxyRate rate, HalaxyPush push)
{
    private const int LargestBody = 1 << 20;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost(HalaxyNames.Root + "/oauth/token", http => GuardAsync(http, () => tokens.GiveAsync(http)));
        Map(routes, "GET", "/metadata", "halaxy.metadata", HalaxyMetadata.Read);
        Map(routes, "GET", "/{type}", "halaxy.search", HalaxySearch.Run);
        Map(routes, "GET", "/Appointment/$find", "halaxy.find", HalaxyTimes.Find);
        Map(routes, "GET", "/{type}/{id}", "halaxy.read", Read);
        Map(routes, "PATCH", "/Appointment/{id}", "halaxy.patch", HalaxyWrites.Patch);
        Map(routes, "POST", "/Appointment/$book", "halaxy.book", HalaxyWrites.Book);
        // the live service has neither: they answer 405 until they are switched on
        Map(routes, "POST", "/Appointment", "halaxy.create", HalaxyWrites.Create);
        Map(routes, "DELETE", "/Appointment/{id}", "halaxy.delete", HalaxyWrites.Delete);
        routes.Map(HalaxyNames.Root + "/{**rest}", http => GuardAsync(http, () => throw HalaxyException.NotSupported(http.Request.Method)));
    }

    private void Map(IEndpointRouteBuilder routes, string verb, string path, string method, Func<HalaxyCall, Reply> handle) =>
        routes.MapMethods(HalaxyNames.Root + path, [verb], http => GuardAsync(http, () => RunAsync(http, method, handle)));

    private async Task RunAsync(HttpContext http, string method, Func<HalaxyCall, Reply> handle)
    {
        var key = store.Locked(() => tokens.Check(http));
        store.Locked(() => rate.Take(key.Practice, http.Response.Headers));
        var struck = new Struck(faults.Take(method, key.Practice));
        var body = HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsDelete(http.Request.Method) ? null : await ReadAsync(http);
        if (await struck.BeforeAsync(http)) return;
        if (struck[FaultKinds.Status] is { } fault) throw new HalaxyException(fault.Status, fault.Reason ?? "exception", "Scripted by the sandbox") { RetryAfter = fault.RetryAfter };
        var origin = $"{http.Request.Scheme}://{http.Request.Host}";
        var reply = store.Locked(() => handle(new HalaxyCall(http.Request, key, new HalaxyBook(store, clock, push, store.HalaxyPractices.FindById(key.Practice), origin), store, struck, body)));
        if (struck.After(http)) return;
        await WriteAsync(http, reply.Status, reply.Body?.AsObject());
    }

    private static Reply Read(HalaxyCall call)
    {
        var type = call.Route("type");
        call.Need(type);
        return new Reply(200, FhirCheck.Checked(HalaxyBook.Resource(call.Book.Get(type, call.Route("id")))));
    }

    private static async Task<JsonObject> ReadAsync(HttpContext http)
    {
        using var buffer = new MemoryStream();
        var chunk = new byte[8192];
        for (int read; (read = await http.Request.Body.ReadAsync(chunk)) > 0;)
        {
            if (buffer.Length + read > LargestBody) throw new HalaxyException(413, "too-long", "The body is too large.");
            buffer.Write(chunk, 0, read);
        }

        try
        {
            return JsonNode.Parse(buffer.ToArray()) as JsonObject ?? throw HalaxyException.Invalid("The body is not a JSON object.");
        }
        catch (JsonException)
        {
            throw HalaxyException.Invalid("The body is not JSON.");
        }
    }

    private static async Task GuardAsync(HttpContext http, Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (HalaxyException refusal)
        {
            if (refusal.RetryAfter is { } seconds) http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            await WriteAsync(http, refusal.Status, refusal.Body());
        }
        catch (Exception wrong) when (wrong is InvalidOperationException or FormatException)
        {
            // a value of another JSON type than the one that is read
            await WriteAsync(http, 422, HalaxyException.Invalid("A value has the wrong type.").Body());
        }
    }

    private static async Task WriteAsync(HttpContext http, int status, JsonObject? body)
    {
        http.Response.StatusCode = status;
        if (body is null) return;
        http.Response.ContentType = "application/fhir+json; charset=utf-8";
        await http.Response.WriteAsync(body.ToJsonString());
    }
}
