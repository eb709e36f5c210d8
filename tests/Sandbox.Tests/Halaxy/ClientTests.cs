using System.Diagnostics;
using System.Text.Json.Nodes;
using Hl7.Fhir.Model;
using ProviderBridge.Halaxy;
using Task = System.Threading.Tasks.Task;

namespace Sandbox.Tests.Halaxy;

/// <summary>The product's client of the Halaxy API, against the stand-in: pages, tokens, scopes, limits, writes, and what goes wrong on the way.</summary>
public sealed class HalaxyClientTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_search_is_read_to_its_last_page()
    {
        await using var halaxy = await HalaxyScene.StartAsync();
        var booked = new HashSet<string>();
        for (var n = 0; n < 45; n++) booked.Add(await halaxy.BookAsync($"2026-02-{(n / 8) + 1:00}T{8 + (n % 8):00}:00"));
        using var client = halaxy.Open();
        Assert.Equal(booked, (await ReadAsync(client, "")).Select(one => one.Id).ToHashSet());
        var day = await ReadAsync(client, "date=ge2026-02-01&date=le2026-02-02&_sort=date&_count=7");
        Assert.Equal(16, day.Count);
        Assert.Equal(day.OrderBy(one => one.Start).Select(one => one.Id), day.Select(one => one.Id));
    }

    [Fact]
    public async Task An_appointment_is_read_with_whose_it_is_and_who_comes()
    {
        await using var halaxy = await HalaxyScene.StartAsync();
        var id = await halaxy.BookAsync(comments: "Bring the form");
        await halaxy.DoAsync("invoice", new JsonObject { ["appointment"] = id });
        using var client = halaxy.Open();
        var one = HalaxyAppointment.Of((await client.FindAsync<Appointment>(id, Cancel))!);
        Assert.Equal((halaxy.Service, halaxy.Role, "Bring the form", true), (one.ServiceId, Assert.Single(one.RoleIds), one.Comments, one.TakesPlace));
        Assert.Equal(new HalaxyAppointment.Participation(halaxy.Patient, "booked", HasInvoice: true), Assert.Single(one.Patients));
        Assert.Equal((NodaTime.Instant.FromUtc(2026, 1, 11, 22, 0), NodaTime.Instant.FromUtc(2026, 1, 11, 22, 50)), (one.Start, one.End));
        await halaxy.DoAsync("cancel", new JsonObject { ["appointment"] = id });
        Assert.False(HalaxyAppointment.Of((await client.FindAsync<Appointment>(id, Cancel))!).TakesPlace);
        Assert.Empty(HalaxyAppointment.Of((await client.FindAsync<Appointment>(await halaxy.MeetAsync("Staff"), Cancel))!).Patients);
        await halaxy.DoAsync("delete", new JsonObject { ["appointment"] = id });
        Assert.Null(await client.FindAsync<Appointment>(id, Cancel));
    }

    [Fact]
    public async Task A_token_that_expired_is_renewed_once_and_a_key_that_is_revoked_says_so()
    {
        await using var halaxy = await HalaxyScene.StartAsync();
        using var client = halaxy.Open();
        await ReadAsync(client, "");
        await halaxy.Scene.AdvanceAsync("PT16M"); // the client's own clock has not moved
        await ReadAsync(client, "");
        await halaxy.DoAsync("revoke-key", new JsonObject { ["client"] = halaxy.Client });
        await FailsAsync(HalaxyFault.KeyRefused, () => ReadAsync(client, ""));
        using var wrong = halaxy.Open(halaxy.Key with { ClientSecret = "wrong" });
        await FailsAsync(HalaxyFault.KeyRefused, () => ReadAsync(wrong, ""));
        Assert.DoesNotContain(halaxy.Secret, halaxy.Key.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_requests_at_once_ask_for_one_token()
    {
        await using var halaxy = await HalaxyScene.StartAsync();
        await halaxy.Scene.FaultAsync("halaxy.token", "status", new JsonObject { ["status"] = 503, ["skip"] = 1, ["times"] = 100 });
        using var client = halaxy.Open();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ReadAsync(client, "")));
    }

    [Fact]
    public async Task A_scope_that_is_missing_is_never_an_empty_list()
    {
        await using var halaxy = await HalaxyScene.StartAsync(scopes: "Appointment PractitionerRole HealthcareService");
        await halaxy.BookAsync();
        using var client = halaxy.Open();
        var scopes = await HalaxyScopes.ProbeAsync(client, Cancel);
        Assert.Equal(["Practitioner", "Organization", "Patient"], scopes.Where(scope => !scope.IsGiven).Select(scope => scope.Resource));
        Assert.DoesNotContain(scopes, scope => scope is { IsNeeded: true, IsGiven: false });
        await halaxy.DoAsync("untick", new JsonObject { ["client"] = halaxy.Client, ["scope"] = "Appointment" });
        await FailsAsync(HalaxyFault.MissingScope, () => ReadAsync(client, ""));
    }

    [Theory]
    [InlineData("reset-before", 0, null)]
    [InlineData("status", 503, null)]
    [InlineData("status", 429, 1)]
    public async Task A_read_is_tried_again_and_not_before_it_is_time(string kind, int status, int? wait)
    {
        await using var halaxy = await HalaxyScene.StartAsync();
        await halaxy.BookAsync();
        await halaxy.Scene.FaultAsync("halaxy.search", kind, new JsonObject { ["status"] = status, ["retryAfter"] = wait });
        using var client = halaxy.Open();
        var watch = Stopwatch.StartNew();
        Assert.Single(await ReadAsync(client, ""));
        Assert.True(watch.Elapsed >= TimeSpan.FromSeconds(wait ?? 0));
    }

    [Fact]
    public async Task A_page_that_is_lost_fails_the_whole_search()
    {
        await using var halaxy = await HalaxyScene.StartAsync();
        await halaxy.BookAsync();
        await halaxy.BookAsync("2026-01-13T09:00");
        await halaxy.Scene.FaultAsync("halaxy.search", "lost-page-token", new JsonObject { ["skip"] = 1 });
        using var client = halaxy.Open();
        await FailsAsync(HalaxyFault.Rejected, () => ReadAsync(client, "_count=1"));
    }

    [Fact]
    public async Task An_appointment_is_moved_commented_and_cancelled_by_a_patch()
    {
        await using var halaxy = await HalaxyScene.StartAsync();
        var id = await halaxy.BookAsync();
        using var client = halaxy.Open();
        Assert.True(await client.PatchAsync(id, new JsonObject { ["start"] = "2026-01-13T10:00:00+11:00", ["end"] = "2026-01-13T10:50:00+11:00", ["description"] = "Later" }, Cancel));
        var one = HalaxyAppointment.Of((await client.FindAsync<Appointment>(id, Cancel))!);
        Assert.Equal((NodaTime.Instant.FromUtc(2026, 1, 12, 23, 0), "Later", 1), (one.Start, one.Comments, one.Patients.Count));
        var status = new JsonObject { ["url"] = HalaxyAppointment.StatusExtension, ["valueCoding"] = new JsonObject { ["code"] = "cancelled (no charge)" } };
        var patient = new JsonObject { ["actor"] = new JsonObject { ["reference"] = $"Patient/{halaxy.Patient}" }, ["modifierExtension"] = new JsonArray(status) };
        Assert.True(await client.PatchAsync(id, new JsonObject { ["participant"] = new JsonArray(new JsonObject { ["actor"] = new JsonObject { ["reference"] = $"PractitionerRole/{halaxy.Role}" } }, patient) }, Cancel));
        Assert.False(HalaxyAppointment.Of((await client.FindAsync<Appointment>(id, Cancel))!).TakesPlace);
        Assert.False(await client.PatchAsync("none", new JsonObject { ["description"] = "x" }, Cancel));
    }

    [Fact]
    public async Task A_booking_is_sent_once_even_when_its_answer_is_lost()
    {
        await using var halaxy = await HalaxyScene.StartAsync();
        using var client = halaxy.Open();
        var booked = HalaxyAppointment.Of(await client.BookAsync(Booking(halaxy, 10), Cancel));
        Assert.True(Assert.Single(booked.Patients).HasInvoice);
        await FailsAsync(HalaxyFault.Conflict, () => client.BookAsync(Booking(halaxy, 10), Cancel));
        await halaxy.Scene.FaultAsync("halaxy.book", "reset-after");
        await FailsAsync(HalaxyFault.Unavailable, () => client.BookAsync(Booking(halaxy, 14), Cancel));
        Assert.Equal(2, (await ReadAsync(client, "")).Count);
    }

    private static Parameters Booking(HalaxyScene halaxy, int hour) => new()
    {
        Parameter =
        [
            new Parameters.ParameterComponent
            {
                Name = "appt-resource",
                Resource = new Appointment
                {
                    Start = new DateTimeOffset(2026, 1, 14, hour, 0, 0, TimeSpan.FromHours(11)),
                    End = new DateTimeOffset(2026, 1, 14, hour, 50, 0, TimeSpan.FromHours(11)),
                    Participant = [new Appointment.ParticipantComponent { Actor = new ResourceReference($"PractitionerRole/{halaxy.Role}") }],
                },
            },
            new Parameters.ParameterComponent { Name = "patient-id", Value = new ResourceReference($"Patient/{halaxy.Patient}") { Type = "Patient" } },
            new Parameters.ParameterComponent { Name = "healthcare-service-id", Value = new ResourceReference($"HealthcareService/{halaxy.Service}") { Type = "HealthcareService" } },
            new Parameters.ParameterComponent { Name = "location-type", Value = new Code("clinic") },
            new Parameters.ParameterComponent { Name = "status", Value = new Code("booked") },
        ],
    };

    private static async Task<List<HalaxyAppointment>> ReadAsync(HalaxyClient client, string search)
    {
        var all = new List<HalaxyAppointment>();
        await foreach (var one in client.SearchAsync<Appointment>(search, Cancel)) all.Add(HalaxyAppointment.Of(one));
        return all;
    }

    private static async Task FailsAsync(HalaxyFault fault, Func<Task> act) =>
        Assert.Equal(fault, (await Assert.ThrowsAsync<HalaxyException>(act)).Fault);
}
