using System.Diagnostics;
using System.Net;
using Hl7.Fhir.Model;
using NodaTime;
using ProviderBridge.Halaxy;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace ProviderBridge.Tests.Halaxy;

/// <summary>What Halaxy answers, when it is not what was asked for.</summary>
public sealed class An_answer_of_Halaxy
{
    private const string Base = "https://halaxy.test/main/";

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("<html></html>")]
    [InlineData("""{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"forbidden"}]}""")]
    [InlineData("""{"resourceType":"Zed"}""")]
    [InlineData("""{"resourceType":"Bundle","type":"searchset","entry":[{"fullUrl":"x"}]}""")]
    [InlineData("""{"resourceType":"Bundle","type":"searchset","entry":[{"resource":{"resourceType":"Patient"}}]}""")]
    [InlineData("""{"resourceType":"Bundle","type":"searchset","link":[{"relation":"next","url":"https://elsewhere.test/main/Appointment"}]}""")]
    [InlineData("""{"resourceType":"Bundle","type":"searchset","link":[{"relation":"next","url":"Appointment"}]}""")]
    [InlineData("""{"resourceType":"Bundle","type":"searchset","link":[{"relation":"next","url":"http://["}]}""")]
    [InlineData("""{"resourceType":"Bundle","type":"searchset","link":[{"relation":"next"}]}""")]
    public async Task That_is_none_is_never_an_empty_list(string body)
    {
        using var answers = new Answers(_ => (HttpStatusCode.OK, body));
        var failed = await Assert.ThrowsAsync<HalaxyException>(() => CountAsync(answers));
        Assert.Equal(HalaxyFault.Unreadable, failed.Fault);
        Assert.All(answers.Asked, address => Assert.StartsWith(Base, address, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(401, """{"issue":[{"code":"forbidden"}]}""", HalaxyFault.MissingScope)]
    [InlineData(401, """{"issue":[{"code":"login"}]}""", HalaxyFault.MissingScope)]
    [InlineData(401, "", HalaxyFault.Unavailable)]
    [InlineData(403, "<html>", HalaxyFault.Unavailable)]
    [InlineData(403, """{"message":"Access denied"}""", HalaxyFault.MissingScope)]
    [InlineData(405, "", HalaxyFault.Rejected)]
    [InlineData(403, """{"issue":[{"code":"expired"}]}""", HalaxyFault.KeyRefused)]
    [InlineData(400, """{"issue":[{"code":"invalid"}]}""", HalaxyFault.Rejected)]
    [InlineData(400, """{"issue":7}""", HalaxyFault.Rejected)]
    [InlineData(404, "", HalaxyFault.Unreadable)]
    [InlineData(404, """{"issue":[{"code":"not-found"}]}""", HalaxyFault.Rejected)]
    [InlineData(302, "", HalaxyFault.Unreadable)]
    public async Task That_refuses_a_search_says_why(int status, string body, HalaxyFault fault)
    {
        using var answers = new Answers(_ => ((HttpStatusCode)status, body));
        Assert.Equal(fault, (await Assert.ThrowsAsync<HalaxyException>(() => CountAsync(answers))).Fault);
    }

    [Theory]
    [InlineData(19, true)]
    [InlineData(20, false)]
    public async Task With_nothing_on_it_may_come_before_others_but_not_without_end(int empty, bool isRead)
    {
        var page = 0;
        using var answers = new Answers(_ => (HttpStatusCode.OK, page++ < empty
            ? $$"""{"resourceType":"Bundle","type":"searchset","link":[{"relation":"next","url":"Appointment?page={{page}}"}]}"""
            : """{"resourceType":"Bundle","type":"searchset","entry":[{"resource":{"resourceType":"Appointment","id":"7"}}]}"""));
        if (isRead) await CountAsync(answers);
        else Assert.Equal(HalaxyFault.Unreadable, (await Assert.ThrowsAsync<HalaxyException>(() => CountAsync(answers))).Fault);
        Assert.InRange(page, 20, 21);
    }

    [Theory]
    [InlineData(404, "not-found", "", true)]
    [InlineData(410, "deleted", "", true)]
    [InlineData(404, "processing", """{"resourceType":"Bundle","type":"searchset","total":0}""", true)]
    [InlineData(404, "processing", """{"resourceType":"Bundle","type":"searchset","entry":[{"resource":{"resourceType":"Appointment","id":"8"}}]}""", false)]
    [InlineData(404, "processing", "", false)]
    [InlineData(404, null, """{"resourceType":"Bundle","type":"searchset","total":0}""", false)]
    [InlineData(404, "forbidden", """{"resourceType":"Bundle","type":"searchset","total":0}""", false)]
    [InlineData(404, "exception", """{"resourceType":"Bundle","type":"searchset","total":0}""", false)]
    public async Task That_there_is_none_is_Halaxys_own_word(int status, string? code, string search, bool isNone)
    {
        using var answers = new Answers(path => path.EndsWith("/Appointment", StringComparison.Ordinal) ? (HttpStatusCode.OK, search) : ((HttpStatusCode)status, code is null ? "<html>" : $$$"""{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"{{{code}}}"}]}"""));
        using var client = answers.Open();
        if (isNone) Assert.Null(await client.FindAsync<Appointment>("7", TestContext.Current.CancellationToken));
        else await Assert.ThrowsAsync<HalaxyException>(() => client.FindAsync<Appointment>("7", TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(401, """{"error":"invalid_client"}""", HalaxyFault.KeyRefused)]
    [InlineData(401, """{"message":"Client authentication failed"}""", HalaxyFault.KeyRefused)]
    [InlineData(400, """{"issue":[{"code":"invalid"}]}""", HalaxyFault.KeyRefused)]
    [InlineData(401, "<html>", HalaxyFault.Unavailable)]
    [InlineData(403, """{"message":"No User-Agent"}""", HalaxyFault.MissingScope)]
    [InlineData(503, """{"error":"invalid_client"}""", HalaxyFault.Unavailable)]
    public async Task To_a_request_for_a_token_says_whether_the_key_is_good(int status, string body, HalaxyFault fault)
    {
        using var answers = new Answers(_ => throw new InvalidOperationException()) { Token = ((HttpStatusCode)status, body) };
        Assert.Equal(fault, (await Assert.ThrowsAsync<HalaxyException>(() => CountAsync(answers))).Fault);
    }

    [Theory]
    [InlineData(""" "cancellationReason":{"text":"x"} """)]
    [InlineData(""" "cancelationReason":{"text":"x"} """)]
    [InlineData(""" "status":"cancelled" """)]
    public async Task May_say_that_a_meeting_is_cancelled_in_any_of_three_ways(string field)
    {
        using var answers = new Answers(_ => (HttpStatusCode.OK, $$$"""{"resourceType":"Appointment","id":"7","start":"2026-01-05T09:00:00Z","end":"2026-01-05T10:00:00Z",{{{field}}},"participant":[{"actor":{"reference":"PractitionerRole/PR-1"}}]}"""));
        using var client = answers.Open();
        Assert.False(HalaxyAppointment.Of((await client.FindAsync<Appointment>("7", TestContext.Current.CancellationToken))!).TakesPlace);
    }

    [Fact]
    public async Task Is_repeated_in_no_message()
    {
        using var answers = new Answers(_ => (HttpStatusCode.BadRequest, """{"issue":[{"code":"Zora Newman","diagnostics":"Zora Newman"}]}"""));
        Assert.DoesNotContain("Zora", (await Assert.ThrowsAsync<HalaxyException>(() => CountAsync(answers))).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task May_have_fields_codes_and_values_that_FHIR_does_not_know()
    {
        const string body = """
            {"resourceType":"Bundle","type":"searchset","halaxy":1,"entry":[{"resource":{"resourceType":"Appointment","id":"7","status":"arrived late","minutesDuration":"fifty","color":{"name":["blue"]},
            "start":"2026-01-05T09:00:00+11:00","end":"2026-01-05T09:50:00+11:00","participant":[{"actor":{"reference":"Patient/3"},"modifierExtension":[{"url":"https://terminology.halaxy.com/StructureDefinition/appointment-participant-status","valueCoding":{"code":"attended"}}]}]}}]}
            """;
        using var answers = new Answers(_ => (HttpStatusCode.OK, body));
        using var client = answers.Open();
        var all = new List<HalaxyAppointment>();
        await foreach (var found in client.SearchAsync<Appointment>("", TestContext.Current.CancellationToken)) all.Add(HalaxyAppointment.Of(found));
        var one = Assert.Single(all);
        Assert.Equal(("7", "attended", true), (one.Id, Assert.Single(one.Patients).Status, one.TakesPlace));
    }

    [Theory]
    [InlineData("""cut off \ud83d""", "cut off \ufffd")]
    [InlineData("""\uDE00 and \ud83d\ud83d\ude00""", "\ufffd and \ufffd\U0001f600")]
    [InlineData("""C:\\ud83d\\""", """C:\ud83d\""")]
    public async Task May_have_half_a_character_which_hides_no_page(string sent, string read)
    {
        var body = $$$"""{"resourceType":"Bundle","type":"searchset","entry":[{"resource":{"resourceType":"Appointment","id":"7","description":"{{{sent}}}","start":"2026-01-05T09:00:00+11:00","end":"2026-01-05T09:50:00+11:00"}}]}""";
        using var answers = new Answers(_ => (HttpStatusCode.OK, body));
        using var client = answers.Open();
        List<string> all = [];
        await foreach (var found in client.SearchAsync<Appointment>("", TestContext.Current.CancellationToken)) all.Add(HalaxyAppointment.Of(found).Comments);
        Assert.Equal([read], all);
    }

    [Theory]
    [InlineData("""{"resourceType":"Appointment","start":"2026-01-05T09:00:00Z","end":"2026-01-05T10:00:00Z"}""")]
    [InlineData("""{"resourceType":"Appointment","id":"7","end":"2026-01-05T10:00:00Z"}""")]
    [InlineData("""{"resourceType":"Appointment","id":"7","start":"soon","end":"2026-01-05T10:00:00Z"}""")]
    [InlineData("""{"resourceType":"Appointment","id":"7","start":"2026-01-05T11:00:00Z","end":"2026-01-05T10:00:00Z"}""")]
    [InlineData("""{"resourceType":"Appointment","id":"7","start":"2026-01-05T09:00:00Z","end":"2026-01-05T10:00:00Z","participant":[{"status":"accepted"}]}""")]
    public async Task Of_an_appointment_without_id_or_times_cannot_be_read(string body)
    {
        using var answers = new Answers(_ => (HttpStatusCode.OK, body));
        using var client = answers.Open();
        var found = await client.FindAsync<Appointment>("7", TestContext.Current.CancellationToken);
        Assert.Equal(HalaxyFault.Unreadable, Assert.Throws<HalaxyException>(() => HalaxyAppointment.Of(found!)).Fault);
    }

    [Theory]
    [InlineData("""{"actor":{"display":"somebody"},"modifierExtension":[{"url":"https://terminology.halaxy.com/StructureDefinition/appointment-participant-status","valueCoding":{"code":"cancelled (no charge)"}}]}""", "")]
    [InlineData("""{"actor":{"type":"Patient","identifier":{"value":"C-9"}},"modifierExtension":[{"url":"https://terminology.halaxy.com/StructureDefinition/appointment-participant-status","valueCoding":{"code":"cancelled (no charge)"}}]}""", "C-9")]
    [InlineData("""{"actor":{"reference":"Patient/C-9/_history/3"},"modifierExtension":[{"url":"https://terminology.halaxy.com/StructureDefinition/appointment-participant-status","valueCoding":{"code":"cancelled (no charge)"}}]}""", "C-9")]
    public async Task With_a_patient_who_is_not_named_makes_no_meeting(string participant, string patient)
    {
        using var answers = new Answers(_ => (HttpStatusCode.OK, $$"""{"resourceType":"Appointment","id":"7","start":"2026-01-05T09:00:00Z","end":"2026-01-05T10:00:00Z","participant":[{{participant}}]}"""));
        using var client = answers.Open();
        var one = HalaxyAppointment.Of((await client.FindAsync<Appointment>("7", TestContext.Current.CancellationToken))!);
        Assert.Equal((patient, false), (Assert.Single(one.Patients).PatientId, one.TakesPlace));
    }

    [Fact]
    public async Task To_a_booking_that_cannot_be_read_is_no_refusal()
    {
        using var answers = new Answers(_ => (HttpStatusCode.Created, ""));
        using var client = answers.Open();
        var failed = await Assert.ThrowsAsync<HalaxyException>(() => client.BookAsync(new Parameters(), TestContext.Current.CancellationToken));
        Assert.Equal((HalaxyFault.Unavailable, 2), (failed.Fault, answers.Asked.Count));
    }

    [Fact]
    public async Task Comes_no_oftener_than_the_account_may_be_asked()
    {
        using var rate = new HalaxyRateLimit(SystemClock.Instance, requests: 10, TimeSpan.FromSeconds(1));
        var watch = Stopwatch.StartNew();
        for (var n = 0; n < 25; n++) await rate.TakeAsync(TestContext.Current.CancellationToken);
        Assert.True(watch.Elapsed >= TimeSpan.FromSeconds(0.9), $"{watch.Elapsed}");
    }

    [Fact]
    public async Task That_says_that_little_is_left_slows_all_requests_of_the_practice()
    {
        using var rate = new HalaxyRateLimit(SystemClock.Instance);
        using var answer = new HttpResponseMessage();
        answer.Headers.Add("x-ratelimit-remaining", "3");
        rate.Note(answer);
        var watch = Stopwatch.StartNew();
        await rate.TakeAsync(TestContext.Current.CancellationToken);
        Assert.True(watch.Elapsed >= TimeSpan.FromSeconds(0.9), $"{watch.Elapsed}");
    }

    [Theory]
    [InlineData("30", 30)]
    [InlineData("86400", 3600)]
    public async Task May_ask_to_be_left_alone_for_an_hour_at_most(string asked, int seconds)
    {
        using var answer = new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);
        answer.Headers.Add("Retry-After", asked);
        var refused = await HalaxyFaults.OfAsync(answer, SystemClock.Instance.GetCurrentInstant(), TestContext.Current.CancellationToken);
        Assert.Equal(NodaTime.Duration.FromSeconds(seconds), refused.RetryAfter);
    }

    private static async Task CountAsync(Answers answers)
    {
        using var client = answers.Open();
        await foreach (var _ in client.SearchAsync<Appointment>("", TestContext.Current.CancellationToken)) continue;
    }
}
