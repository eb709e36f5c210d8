using System.Globalization;
using System.Net;
using System.Text;
using System.Web;
using NodaTime;
using NodaTime.Text;

namespace Benchmarks.Halaxy;

/// <summary>What Halaxy would answer, of a practice of any size: pages of a hundred.</summary>
internal sealed class HalaxyAnswers(int practitioners, int each) : HttpMessageHandler
{
    private const int OnPage = 100;
    private static readonly Instant Started = SystemClock.Instance.GetCurrentInstant();
    private readonly Queue<Instant> _lastMinute = [];
    private readonly Lock _counting = new();
    private int _asked;

    public static Uri Address { get; } = new("https://halaxy.invalid/main/");

    public int Asked => _asked;

    /// <summary>The most requests that came within one minute.</summary>
    public int Peak { get; private set; }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        lock (_counting) Count(SystemClock.Instance.GetCurrentInstant());
        return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(Answer(request.RequestUri!), Encoding.UTF8, "application/fhir+json") });
    }

    private void Count(Instant now)
    {
        _asked++;
        while (_lastMinute.TryPeek(out var oldest) && oldest <= now - Duration.FromMinutes(1)) _lastMinute.Dequeue();
        _lastMinute.Enqueue(now);
        Peak = Math.Max(Peak, _lastMinute.Count);
    }

    private string Answer(Uri address)
    {
        var (type, query) = (address.Segments[^1], HttpUtility.ParseQueryString(address.Query));
        if (type == "token") return """{"access_token":"token","expires_in":3600}""";
        var page = int.Parse(query["page"] ?? "0", CultureInfo.InvariantCulture);
        var (count, one) = type switch
        {
            "Practitioner" => (practitioners, (Func<int, string>)(n => $$$"""{"resourceType":"Practitioner","id":"PR-{{{n}}}","name":[{"family":"{{{n}}}","given":["Practitioner"]}]}""")),
            "PractitionerRole" => (practitioners, n => $$$"""{"resourceType":"PractitionerRole","id":"PR-{{{n + 100_000}}}","practitioner":{"reference":"Practitioner/PR-{{{n}}}"},"organization":{"reference":"Organization/CL-1"}}"""),
            "Organization" => (1, _ => """{"resourceType":"Organization","id":"CL-1","name":"Main Street"}"""),
            "HealthcareService" => (1, _ => """{"resourceType":"HealthcareService","id":"7","name":"Standard consultation"}"""),
            "Appointment" when query["_lastUpdated"] is null => (practitioners * each, Appointment),
            _ => (0, static _ => ""),
        };
        var entries = Enumerable.Range(page * OnPage, Math.Max(0, Math.Min(OnPage, count - (page * OnPage)))).Select(n => $"{{\"resource\":{one(n)}}}");
        var next = (page + 1) * OnPage < count ? $$$""","link":[{"relation":"next","url":"{{{Address}}}{{{type}}}?page={{{page + 1}}}"}]""" : "";
        return $$$"""{"resourceType":"Bundle","type":"searchset","total":{{{count}}}{{{next}}},"entry":[{{{string.Join(',', entries)}}}]}""";
    }

    private string Appointment(int n)
    {
        var start = Started + Duration.FromHours(n / practitioners);
        string At(Instant instant) => InstantPattern.General.Format(instant);
        return $$$"""
            {"resourceType":"Appointment","id":"{{{n}}}","meta":{"lastUpdated":"{{{At(Started)}}}"},"start":"{{{At(start)}}}","end":"{{{At(start + Duration.FromMinutes(45))}}}","description":"Comments of {{{n}}}",
             "supportingInformation":[{"reference":"HealthcareService/7"}],"participant":[{"actor":{"reference":"PractitionerRole/PR-{{{(n % practitioners) + 100_000}}}"}},
             {"actor":{"reference":"Patient/{{{n % 15_000}}}"},"modifierExtension":[{"url":"https://terminology.halaxy.com/StructureDefinition/appointment-participant-status","valueCoding":{"code":"booked"}}]}]}
            """;
    }
}
