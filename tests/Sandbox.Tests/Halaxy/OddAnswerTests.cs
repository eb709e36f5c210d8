using System.Text.Json.Nodes;
using NodaTime;
using Practice;
using Practice.Appointments;
using Practice.Diaries;
using ProviderBridge.Halaxy;
using ProviderBridge.Sync;

namespace Sandbox.Tests.Halaxy;

/// <summary>What Halaxy answers otherwise than it should, or forgets to say: nothing is lost, deleted or held up by it.</summary>
public sealed class OddAnswerTests : OddAnswerTest
{
    [Theory]
    [InlineData("processing")]
    [InlineData("security")]
    [InlineData("not-supported")]
    public async Task An_error_that_has_the_status_of_nothing_found_is_no_deletion(string code)
    {
        await using var scene = await MirrorScene.StartAsync();
        var id = await scene.Halaxy.BookAsync();
        await scene.PassAsync();
        scene.Asked.Instead = r => Asks(r, "GET", $"/Appointment/{id}") ? Reply(404, $$"""{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"{{code}}"}]}""") : null;
        await scene.PassAsync(id);
        scene.Asked.Instead = null;
        await scene.PassAsync();
        await scene.PassAsync();
        Assert.Equal(AppointmentStatus.Booked, (await scene.HereAsync()).Single().Status);
    }

    [Theory]
    [InlineData("""{"access_token":"a\r\nX: 1","expires_in":900}""")]
    [InlineData("""{"access_token":"a\u0000","expires_in":900}""")]
    public async Task A_token_that_is_none_is_asked_for_again(string body)
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.Halaxy.BookAsync();
        scene.Asked.Instead = request => Asks(request, "POST", "/oauth/token") ? Reply(200, body) : null;
        Assert.NotEqual(PassResult.Done, await scene.PassAsync());
        scene.Asked.Instead = null;
        for (var n = 0; n < 2; n++) await scene.PassAsync();
        Assert.Single(await scene.HereAsync());
    }

    [Theory]
    [InlineData(200, """{"access_token":"ab","expires_in":900}""", "application/json; charset=nonsense")]
    [InlineData(403, """{"\udc00":1}""", "application/json")]
    public async Task What_is_odd_about_a_token_is_no_fault_of_this_server(int status, string body, string type)
    {
        await using var scene = await MirrorScene.StartAsync();
        scene.Asked.Instead = request =>
        {
            if (!Asks(request, "POST", "/oauth/token")) return null;
            var answer = Reply(status, body);
            answer.Content.Headers.Remove("Content-Type");
            answer.Content.Headers.TryAddWithoutValidation("Content-Type", type);
            return answer;
        };
        Assert.NotEqual(PassResult.Done, await scene.PassAsync());
    }

    [Fact]
    public async Task Nothing_among_links_and_names_hides_no_other()
    {
        await using var scene = await MirrorScene.StartAsync();
        scene.BookAsked.Instead = request => !Asks(request, "GET", "/Patient?")
            ? null
            : Reply(200, """{"resourceType":"Bundle","type":"searchset","link":[5,null],"entry":[{"resource":{"resourceType":"Patient","id":"7","name":[null,{"given":[null,5]},7]}},{"resource":{"resourceType":"Patient","id":"8","name":[{"given":["Zoe"],"family":"Able"}]}}]}""");
        Assert.Contains(("8", "Zoe Able"), await scene.Booking.FindPatientsAsync(scene.Group, "zoe", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Somebody_of_another_practice_who_takes_part_keeps_nothing_in_an_old_diary()
    {
        await using var scene = await MirrorScene.StartAsync();
        var tom = await scene.PractitionerAsync("tom", "Tom Hill");
        var person = await scene.Halaxy.IdAsync("practitioner", new JsonObject { ["given"] = "Tom", ["family"] = "Hill" });
        var role = await scene.Halaxy.IdAsync("role", new JsonObject { ["practitioner"] = person, ["clinic"] = scene.Halaxy.Clinic });
        var outside = await scene.Halaxy.IdAsync("referrer", new JsonObject { ["given"] = "Rosa", ["family"] = "Referrer" });
        await scene.ConnectAsync((scene.Maya, scene.Halaxy.Practitioner), (tom, person));
        var id = await scene.Halaxy.IdAsync("book", new JsonObject { ["roles"] = $"{scene.Halaxy.Role},{outside}", ["patients"] = scene.Halaxy.Patient, ["service"] = scene.Halaxy.Service, ["start"] = "2026-01-12T09:00", ["minutes"] = "50" });
        await scene.PassAsync();
        await scene.Halaxy.DoAsync("reassign", new JsonObject { ["appointment"] = id, ["roles"] = $"{role},{outside}" });
        await scene.PassAsync();
        await scene.ChangeAsync(c => c with { LastCompare = null });
        await scene.PassAsync();
        var before = scene.Asked.Paths.Count;
        await scene.PassAsync();
        Assert.Contains(await scene.HereAsync(scene.DiaryOf(tom)), one => one.TakesPlace);
        Assert.DoesNotContain(await scene.HereAsync(), one => one.TakesPlace);
    }

    [Theory]
    [InlineData(503)]
    [InlineData(422)]
    [InlineData(429)]
    [InlineData(403)]
    public async Task A_practitioner_who_was_taken_out_by_a_cancellation_is_given_back_whatever_fails_in_between(int status)
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.Halaxy.DoAsync("switch", new JsonObject { ["name"] = "replace-participants" });
        var id = await scene.Halaxy.BookAsync();
        await scene.PassAsync();
        var uid = (await scene.HereAsync()).Single().Id;
        await scene.Diary.CancelAsync(new AppointmentTarget(uid), CancelChoice.Cancel, SeriesScope.All);
        await scene.Halaxy.Scene.FaultAsync("halaxy.patch", "status", new JsonObject { ["status"] = status, ["skip"] = 1, ["times"] = 1 });
        for (var n = 0; n < 4; n++) await scene.PassAsync();
        await scene.ChangeAsync(c => c with { LastCompare = null, State = HalaxyState.Active });
        await scene.PassAsync();
        Assert.Single((await scene.ThereAsync(id))["roles"]!.AsArray());
    }

    [Fact]
    public async Task Names_come_one_by_one_where_many_at_once_are_refused()
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.AddDeviceAsync(PrivacyLevel.FullName);
        for (var n = 0; n < 22; n++)
        {
            var p = await scene.Halaxy.IdAsync("patient", new JsonObject { ["given"] = $"Given{n}", ["family"] = "Fam" });
            await scene.Halaxy.IdAsync("book", new JsonObject { ["roles"] = scene.Halaxy.Role, ["patients"] = p, ["service"] = scene.Halaxy.Service, ["start"] = $"2026-01-{12 + (n / 8)}T{9 + (n % 8):00}:00", ["minutes"] = "50" });
        }

        scene.Asked.Instead = r => Asks(r, "GET", "/Patient?_id") ? Reply(422, """{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"invalid"}]}""") : null;
        await scene.PassAsync();
        await scene.PassAsync();
        var c = await scene.ConnectionAsync();
        Assert.DoesNotContain(await scene.HereAsync(), one => one.Patients[0].FullName.StartsWith("Client", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(404, "<html>")]
    [InlineData(400, "<html>")]
    public async Task Patients_who_cannot_be_read_stop_no_appointment(int status, string body)
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.AddDeviceAsync(PrivacyLevel.FullName);
        await scene.Halaxy.BookAsync();
        scene.Asked.Instead = r => Asks(r, "GET", "/Patient") ? Reply(status, body) : null;
        await scene.PassAsync();
        await scene.PassAsync();
        Assert.Single(await scene.HereAsync());
    }

    [Fact]
    public async Task A_number_of_a_patient_that_is_none_stops_nothing()
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.AddDeviceAsync(PrivacyLevel.FullName);
        var id = await scene.Halaxy.BookAsync();
        await scene.Halaxy.MeetAsync("Team");
        scene.Asked.Changes = (r, t) => t.Replace($"/Patient/{scene.Halaxy.Patient}\"", $"/Patient/{scene.Halaxy.Patient}_x\"", StringComparison.Ordinal);
        await scene.PassAsync();
        await scene.PassAsync();
        Assert.NotEmpty(await scene.HereAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_patch_that_is_answered_without_a_word_is_looked_at(bool replaces)
    {
        await using var scene = await MirrorScene.StartAsync();
        if (replaces) await scene.Halaxy.DoAsync("switch", new JsonObject { ["name"] = "replace-participants" });
        var id = await scene.Halaxy.BookAsync();
        await scene.PassAsync();
        var uid = (await scene.HereAsync()).Single().Id;
        scene.Asked.Changes = (r, t) => r.Method == HttpMethod.Patch ? "" : t;
        await scene.Diary.CancelAsync(new AppointmentTarget(uid), CancelChoice.Cancel, SeriesScope.All);
        await scene.PassAsync();
        await scene.PassAsync();
        Assert.Empty(await scene.TasksAsync());
        Assert.Single((await scene.ThereAsync(id))["roles"]!.AsArray());
    }

    [Fact]
    public async Task A_total_that_is_one_too_many_is_not_looked_for_without_end()
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.Halaxy.BookAsync();
        scene.Asked.Changes = (r, t) => Asks(r, "GET", "/Appointment?date") ? t.Replace("\"total\":1", "\"total\":2", StringComparison.Ordinal) : t;
        for (var n = 0; n < 61; n++) await scene.PassAsync();
        Assert.True(scene.Asked.Paths.Count(p => p.Contains("/Appointment?date", StringComparison.Ordinal)) <= 2);
    }

    [Fact]
    public async Task What_moved_between_two_pages_while_they_were_read_is_asked_for_again()
    {
        await using var scene = await MirrorScene.StartAsync();
        List<string> ids = [];
        for (var n = 0; n < 130; n++)
            ids.Add(await scene.Halaxy.IdAsync("book", new JsonObject { ["roles"] = scene.Halaxy.Role, ["patients"] = scene.Halaxy.Patient, ["service"] = scene.Halaxy.Service, ["start"] = $"2026-01-{6 + (n / 10):00}T{8 + (n % 10):00}:00", ["minutes"] = "50" }));
        await scene.PassAsync();
        await scene.AdvanceAsync(Duration.FromMinutes(30));
        foreach (var id in ids) await scene.Halaxy.DoAsync("comment", new JsonObject { ["appointment"] = id, ["comments"] = "new" });
        await scene.AdvanceAsync(Duration.FromMinutes(30));
        var done = false;
        scene.Asked.Instead = r =>
        {
            if (!done && Asks(r, "GET", "_lastUpdated") && Asks(r, "GET", "page=2"))
            {
                done = true;
                Task.Run(() => scene.Halaxy.DoAsync("move", new JsonObject { ["appointment"] = ids[0], ["start"] = "2026-02-20T09:00" })).GetAwaiter().GetResult();
            }

            return null;
        };
        for (var n = 0; n < 4; n++) await scene.PassAsync();
        Assert.True(done);
        Assert.Equal(0, (await scene.HereAsync()).Count(one => one.Comments != "new"));
    }

    [Theory]
    [InlineData("blank")]
    [InlineData("array")]
    [InlineData("bundleInBundle")]
    [InlineData("outcome200")]
    [InlineData("nulls")]
    public async Task Odd_answers_delete_nothing(string shape)
    {
        await using var scene = await MirrorScene.StartAsync();
        var id = await scene.Halaxy.BookAsync();
        await scene.Halaxy.MeetAsync("Team");
        await scene.PassAsync();
        var body = shape switch { "blank" => "", "array" => "[]", "bundleInBundle" => """{"resourceType":"Bundle","type":"searchset","entry":[{"resource":{"resourceType":"Bundle"}}]}""", "outcome200" => """{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"not-found"}]}""", _ => """{"resourceType":"Bundle","type":"searchset","total":null,"link":null,"entry":[null,{"resource":null}]}""" };
        scene.Asked.Changes = (r, t) => Asks(r, "GET", "/Appointment") ? body : t;
        await scene.ChangeAsync(c => c with { LastCompare = null });
        await scene.PassAsync(id);
        Assert.Equal(2, (await scene.HereAsync()).Count(one => one.TakesPlace));
    }

    [Theory]
    [InlineData("participant-null")]
    [InlineData("participant-string")]
    [InlineData("status-object")]
    [InlineData("description-number")]
    [InlineData("ext-null")]
    public async Task An_odd_appointment_holds_up_no_other(string shape)
    {
        await using var scene = await MirrorScene.StartAsync();
        var id = await scene.Halaxy.BookAsync();
        await scene.Halaxy.MeetAsync("Team");
        scene.Asked.Changes = (r, t) =>
        {
            if (!Asks(r, "GET", "/Appointment")) return t;
            var root = JsonNode.Parse(t)!.AsObject();
            foreach (var one in root["entry"] is JsonArray e ? e.Select(x => x!["resource"]!.AsObject()) : [root])
            {
                if ((string?)one["id"] != id) continue;
                switch (shape)
                {
                    case "participant-null": one["participant"] = new JsonArray(null, null); break;
                    case "participant-string": one["participant"] = "nobody"; break;
                    case "status-object": one["status"] = new JsonObject { ["a"] = 1 }; break;
                    case "description-number": one["description"] = 12; break;
                    default: one["participant"]![1]!["modifierExtension"] = new JsonArray(new JsonObject { ["url"] = null, ["valueCoding"] = "x" }); break;
                }
            }

            return root.ToJsonString();
        };
        for (var n = 0; n < 2; n++) await scene.PassAsync(id);
        Assert.Contains(await scene.HereAsync(), one => one.Title == Mirroring.MeetingTitle);
    }

    [Fact]
    public async Task A_meeting_that_is_cancelled_there_is_not_deleted_there()
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.Halaxy.DoAsync("switch", new JsonObject { ["name"] = "delete" });
        var id = await scene.Halaxy.MeetAsync("Team");
        await scene.PassAsync();
        await scene.Halaxy.DoAsync("cancel", new JsonObject { ["appointment"] = id });
        for (var n = 0; n < 3; n++) await scene.PassAsync();
        await scene.ChangeAsync(c => c with { LastCompare = null });
        await scene.PassAsync();
        Assert.Single(await scene.ThereAsync());
    }

    [Fact]
    public async Task Errors_for_each_appointment_of_a_comparison_delete_none()
    {
        await using var scene = await MirrorScene.StartAsync();
        for (var n = 0; n < 8; n++) await scene.Halaxy.BookAsync($"2026-01-{12 + n}T09:00");
        await scene.PassAsync();
        await scene.AdvanceAsync(Duration.FromMinutes(30));
        await scene.Halaxy.BookAsync("2026-01-29T09:00");
        await scene.PassAsync();
        scene.Asked.Instead = r => Asks(r, "GET", "/Appointment?date") ? Reply(200, """{"resourceType":"Bundle","type":"searchset","total":0}""") : Asks(r, "GET", "/Appointment/") ? Reply(404, """{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"exception"}]}""") : null;
        await scene.AdvanceAsync(Duration.FromHours(7));
        await scene.PassAsync();
        scene.Asked.Instead = null;
        for (var n = 0; n < 5; n++) await scene.PassAsync();
        Assert.Equal(9, (await scene.HereAsync()).Count(one => one.TakesPlace));
    }
}
