using System.Net;
using System.Reflection;
using Google;
using Google.Apis.Auth.OAuth2;
using Google.Apis.Calendar.v3;
using Google.Apis.Calendar.v3.Data;
using Google.Apis.Requests;
using Google.Apis.Services;
using Google.Apis.Util;
using Newtonsoft.Json;
using Sandbox.Tests.Contract;

namespace Sandbox.Tests.Google;

/// <summary>The product's Google client has the names of Google's own description, and the stand-in understands it.</summary>
public class ProductClientTests
{
    [Fact]
    public void Every_path_parameter_and_property_of_the_products_client_is_in_Googles_description()
    {
        using var service = new CalendarService(new BaseClientService.Initializer());
        var requests = 0;
        foreach (var (resource, of) in new (object, string)[] { (service.Calendars, "Calendars"), (service.CalendarList, "Calendarlist"), (service.Channels, "Channels"), (service.Events, "Events") })
        {
            foreach (var method in resource.GetType().GetMethods().Where(method => method.ReturnType.Name.EndsWith("Request", StringComparison.Ordinal)))
            {
                dynamic request = method.Invoke(resource, [.. method.GetParameters().Select(parameter => parameter.ParameterType == typeof(string) ? "x" : Activator.CreateInstance(parameter.ParameterType))])!;
                Assert.Contains($"{(string)request.HttpMethod} /calendar/v3/{(string)request.RestPath}", GoogleDescription.Calls);
                var known = GoogleDescription.Types[$"Params$Resource${of}${method.Name}"];
                foreach (var name in ((object)request).GetType().GetProperties().Select(property => CustomAttributeExtensions.GetCustomAttribute<RequestParameterAttribute>(property)?.Name).OfType<string>().Where(name => !Common.Contains(name)))
                    Assert.True(known.ContainsKey(name), $"{of}.{method.Name} has no parameter {name}");
                requests++;
            }
        }

        Assert.Equal(15, requests);
        foreach (var type in typeof(Event).Assembly.GetTypes().Where(type => type.Namespace == "Google.Apis.Calendar.v3.Data" && !type.IsNested))
        {
            var known = GoogleDescription.Types["Schema$" + type.Name];
            Assert.All(type.GetProperties().Select(property => CustomAttributeExtensions.GetCustomAttribute<JsonPropertyAttribute>(property)?.PropertyName).OfType<string>(), name => Assert.True(known.ContainsKey(name), $"{type.Name} has no {name}"));
        }
    }

    // what every method of every Google API takes
    private static readonly string[] Common = ["access_token", "alt", "fields", "key", "oauth_token", "prettyPrint", "quotaUser", "userIp"];

    [Fact]
    public async Task The_products_client_makes_lists_changes_and_deletes_events_here()
    {
        await using var scene = await Scene.StartAsync();
        var token = (string)(await scene.SignInAsync())["access_token"]!;
        using var service = new CalendarService(new BaseClientService.Initializer { BaseUri = scene.Address + "/calendar/v3/", HttpClientInitializer = GoogleCredential.FromAccessToken(token), ApplicationName = "CalendarSync" });
        var calendar = (await service.Calendars.Insert(new global::Google.Apis.Calendar.v3.Data.Calendar { Summary = "HX_Practice", TimeZone = "Australia/Sydney" }).ExecuteAsync(TestContext.Current.CancellationToken)).Id!;
        var made = await service.Events.Insert(Series(), calendar).ExecuteAsync(TestContext.Current.CancellationToken);
        Assert.Equal("series0", made.Id);
        var list = service.Events.List(calendar);
        (list.ShowDeleted, list.MaxResults) = (true, 2500);
        var all = await list.ExecuteAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["series0"], all.Items!.Select(one => one.Id));

        made.Summary = "Changed";
        var update = service.Events.Update(made, calendar, "series0");
        (update.ETagAction, update.SendUpdates) = (global::Google.Apis.ETagAction.IfMatch, EventsResource.SendUpdatesEnum.None);
        Assert.Equal("Changed", (await update.ExecuteAsync(TestContext.Current.CancellationToken)).Summary);
        var stale = service.Events.Update(made, calendar, "series0");
        stale.ETagAction = global::Google.Apis.ETagAction.IfMatch;
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await Assert.ThrowsAsync<GoogleApiException>(() => stale.ExecuteAsync(TestContext.Current.CancellationToken))).HttpStatusCode);

        var instances = await service.Events.Instances(calendar, "series0").ExecuteAsync(TestContext.Current.CancellationToken);
        Assert.Equal(3, instances.Items!.Count);
        await service.Events.Patch(new Event { Location = "Room 2" }, calendar, instances.Items[1].Id!).ExecuteAsync(TestContext.Current.CancellationToken);
        var since = service.Events.List(calendar);
        since.SyncToken = all.NextSyncToken;
        Assert.Contains((await since.ExecuteAsync(TestContext.Current.CancellationToken)).Items!, one => one is { RecurringEventId: "series0", Location: "Room 2" });

        await service.Events.Delete(calendar, "series0").ExecuteAsync(TestContext.Current.CancellationToken);
        Assert.Equal("cancelled", (await service.Events.Get(calendar, "series0").ExecuteAsync(TestContext.Current.CancellationToken)).Status);
        await service.Calendars.Delete(calendar).ExecuteAsync(TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, (await Assert.ThrowsAsync<GoogleApiException>(() => service.Calendars.Get(calendar).ExecuteAsync(TestContext.Current.CancellationToken))).HttpStatusCode);
    }

    private static Event Series() => new()
    {
        Id = "series0",
        Summary = "Consultation",
        Start = new EventDateTime { DateTimeRaw = "2026-01-12T09:00:00+11:00", TimeZone = "Australia/Sydney" },
        End = new EventDateTime { DateTimeRaw = "2026-01-12T09:30:00+11:00", TimeZone = "Australia/Sydney" },
        Recurrence = ["RRULE:FREQ=DAILY;COUNT=3"],
    };
}
