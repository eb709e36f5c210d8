using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Graph;
using Microsoft.Graph.Models;
using Microsoft.Kiota.Abstractions.Authentication;
using Microsoft.Kiota.Http.HttpClientLibrary;
using Sandbox.Microsoft;

namespace Sandbox.Tests.Contract;

/// <summary>What the stand-in takes exists in Microsoft's own types; the answers of every other test are checked as they come; both SDKs drive it.</summary>
public class GraphContractTests
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public void Each_property_of_a_body_exists_in_Microsofts_types()
    {
        foreach (var shape in (Shape[])[GraphShapes.Event, GraphShapes.Calendar, GraphShapes.Subscription]) Compare(shape);
    }

    [Fact]
    public void What_the_description_for_Prism_has_besides_is_in_Microsofts_types()
    {
        var later = JsonNode.Parse(File.ReadAllText(Path.Combine(Drivers.Folder, "later.json")))!.AsObject();
        Assert.NotEmpty(later);
        Assert.All(later, one => Assert.True(GraphDescription.HasMember("Event", one.Key), one.Key));
    }

    private static void Compare(Shape shape)
    {
        foreach (var (name, type) in shape.Properties)
        {
            Assert.True(GraphDescription.HasMember(shape.Schema, name), $"{shape.Schema}.{name} is not in Microsoft's types");
            if (type is Shape inner) Compare(inner);
            if (type is object[] and [Shape element]) Compare(element);
        }
    }

    [Fact]
    public void The_check_refuses_what_the_types_do_not_have()
    {
        Assert.ThrowsAny<Exception>(() => GraphDescription.CheckObject(new JsonObject { ["sujbect"] = "x" }, "Event", ""));
        Assert.ThrowsAny<Exception>(() => GraphDescription.CheckObject(new JsonObject { ["subject"] = 5 }, "Event", ""));
        Assert.ThrowsAny<Exception>(() => GraphDescription.CheckObject(new JsonObject { ["start"] = new JsonObject { ["day"] = "x" } }, "Event", ""));
        Assert.ThrowsAny<Exception>(() => GraphDescription.CheckObject(new JsonObject { ["recurrence"] = new JsonObject { ["range"] = new JsonObject { ["numberOfOccurrences"] = "x" } } }, "Event", ""));
    }

    [Fact]
    public async Task Microsofts_SDK_for_JavaScript_drives_the_stand_in()
    {
        await using var scene = await Scene.StartAsync();
        var token = (string)(await scene.MicrosoftAsync("sam@outlook.com", "openid offline_access Calendars.ReadWrite"))["access_token"]!;
        var said = await Drivers.RunAsync("graph.mjs", "@microsoft/microsoft-graph-client/package.json", scene.Address + "/", token);
        Assert.Equal(
            """{"type":"seriesMaster","start":"2026-01-11T22:00:00.0000000","patched":"Renamed","instances":3,"delta":["occurrence","occurrence","seriesMaster"],"again":[409,"ErrorDuplicateTransactionId"],"gone":404}""",
            said.ToJsonString(Plain));
    }

    [Fact]
    public async Task Microsofts_SDK_for_NET_drives_the_stand_in()
    {
        await using var scene = await Scene.StartAsync();
        var token = (string)(await scene.MicrosoftAsync("sam@outlook.com", "openid offline_access Calendars.ReadWrite"))["access_token"]!;
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        using var adapter = new HttpClientRequestAdapter(new AnonymousAuthenticationProvider(), httpClient: http) { BaseUrl = scene.Address + "/v1.0" };
        using var client = new GraphServiceClient(adapter);
        var calendar = (await client.Me.Calendars.PostAsync(new Calendar { Name = "HX_SDK" }))!;
        var made = (await client.Me.Calendars[calendar.Id].Events.PostAsync(Series()))!;
        Assert.Equal((EventType.SeriesMaster, "Romance Standard Time"), (made.Type, made.OriginalStartTimeZone));
        var page = (await client.Me.Calendars[calendar.Id].CalendarView.Delta.GetAsDeltaGetResponseAsync(x =>
        {
            x.QueryParameters.StartDateTime = "2026-01-01T00:00:00Z";
            x.QueryParameters.EndDateTime = "2026-03-01T00:00:00Z";
        }))!;
        Assert.Equal(3, page.Value!.Count);
        await client.Me.Events[made.Id].PatchAsync(new Event { Subject = "Renamed" });
        var delta = (await client.Me.Calendars[calendar.Id].CalendarView.Delta.WithUrl(page.OdataDeltaLink!).GetAsDeltaGetResponseAsync())!;
        Assert.Equal("Renamed", delta.Value!.Single(x => x.Type == EventType.SeriesMaster).Subject);
        var again = await Assert.ThrowsAsync<global::Microsoft.Graph.Models.ODataErrors.ODataError>(() => client.Me.Calendars[calendar.Id].Events.PostAsync(Series()));
        Assert.Equal((409, "ErrorDuplicateTransactionId"), (again.ResponseStatusCode, again.Error!.Code));
        await client.Me.Calendars[calendar.Id].DeleteAsync();
    }

    private static Event Series() => new()
    {
        Subject = "Series",
        TransactionId = "sdk-1",
        Start = new DateTimeTimeZone { DateTime = "2026-01-12T09:00:00", TimeZone = "Europe/Paris" },
        End = new DateTimeTimeZone { DateTime = "2026-01-12T09:30:00", TimeZone = "Europe/Paris" },
        Recurrence = new PatternedRecurrence
        {
            Pattern = new RecurrencePattern { Type = RecurrencePatternType.Daily, Interval = 1 },
            Range = new RecurrenceRange { Type = RecurrenceRangeType.Numbered, StartDate = new global::Microsoft.Kiota.Abstractions.Date(2026, 1, 12), NumberOfOccurrences = 2 },
        },
    };
}
