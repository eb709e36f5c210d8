using System.Globalization;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;
using Hl7.Fhir.Validation;
using NodaTime;
using NodaTime.Text;
using Polly;
using Polly.Retry;

namespace ProviderBridge.Halaxy;

/// <summary>
/// The Halaxy API with the FHIR R4 resources of Hl7.Fhir.R4. What is read is taken as it is, unknown fields and extensions included; what is not what was asked for is an error and never "nothing".
/// A read is asked again when it fails for a moment. What is written is sent once: a booking has no key by which Halaxy would know it again, and a patch no version, so that who sends it again has to look before.
/// </summary>
public sealed partial class HalaxyClient : IDisposable
{
    // two million appointments: pages without end are found out before that by their addresses, unless each is new
    private const int MostPages = 20_000;

    /// <summary>How many pages in a row may have nothing on them: a search may leave out what the key may not see, but each page costs one of the practice's requests.</summary>
    private const int MostEmptyPages = 20;
    private const string Fhir = "application/fhir+json";
    private static readonly ResiliencePipeline Again = new ResiliencePipelineBuilder().AddRetry(new RetryStrategyOptions
    {
        ShouldHandle = new PredicateBuilder().Handle<HalaxyException>(failed => failed.Fault is HalaxyFault.Unavailable or HalaxyFault.TooMany),
        MaxRetryAttempts = 2,
        BackoffType = DelayBackoffType.Exponential,
        Delay = TimeSpan.FromMilliseconds(300),
        UseJitter = true,
    }).Build();

    private readonly HttpClient _http;
    private readonly HalaxyKey _key;
    private readonly HalaxyRateLimit _rate;
    private readonly IClock _clock;
    private readonly HalaxyTokens _tokens;
    private readonly TimeSpan _patience;

    /// <summary>A client for one key.</summary>
    /// <param name="http">Sends; it follows no redirects, as the token would go with them.</param>
    /// <param name="key">The key.</param>
    /// <param name="rate">How often the practice's account may be asked.</param>
    /// <param name="clock">The time.</param>
    /// <param name="patience">How long a request waits for its turn before it fails, such as when a person waits for it; null for as long as it takes.</param>
    public HalaxyClient(HttpClient http, HalaxyKey key, HalaxyRateLimit rate, IClock clock, TimeSpan? patience = null)
    {
        (_http, _key, _rate, _clock, _patience) = (http, key, rate, clock, patience ?? Timeout.InfiniteTimeSpan);
        _tokens = new HalaxyTokens(http, key, rate, _patience, clock);
        Unlisted = new HalaxyUnlisted(clock);
    }

    /// <summary>What Halaxy's lists did not have when they were read.</summary>
    internal HalaxyUnlisted Unlisted { get; }

    /// <summary>All that a search finds, page by page.</summary>
    /// <typeparam name="T">The kind of resource.</typeparam>
    /// <param name="search">The search parameters, such as <c>date=ge2026-01-05</c>; empty for all.</param>
    /// <param name="cancelled">Ends it.</param>
    /// <exception cref="HalaxyException">It could not be read to its end: what came before is not the whole.</exception>
    public IAsyncEnumerable<T> SearchAsync<T>(string search, CancellationToken cancelled = default)
        where T : Resource => SearchAsync<T>(search, null, cancelled);

    /// <summary>The same.</summary>
    /// <typeparam name="T">The kind of resource.</typeparam>
    /// <param name="search">The search parameters.</param>
    /// <param name="total">Is told with each page how many there are in all, where Halaxy says so. It may differ from how many come: pages are counted anew for each request, and what changes meanwhile may come twice or not at all.</param>
    /// <param name="cancelled">Ends it.</param>
    /// <exception cref="HalaxyException">It could not be read to its end: what came before is not the whole.</exception>
    public async IAsyncEnumerable<T> SearchAsync<T>(string search, Action<int>? total, [EnumeratorCancellation] CancellationToken cancelled = default)
        where T : Resource
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var type = ModelInfo.GetFhirTypeNameForType(typeof(T));
        var empty = 0;
        for (var next = new Uri(_key.Address, search.Length > 0 ? $"{type}?{search}" : type); next is not null;)
        {
            if (!seen.Add(next.AbsoluteUri) || seen.Count > MostPages) throw Unreadable("pages without end");
            var page = Parse<Bundle>(await ReadAsync(next, cancelled) ?? throw new HalaxyException(HalaxyFault.Rejected, "Halaxy knows no such search."));
            var (found, following) = Read<T>(page);
            empty = found.Count > 0 ? 0 : empty + 1;
            if (following is not null && empty == MostEmptyPages) throw Unreadable("pages without end");
            if (total is not null && TotalOf(page) is { } all) total(all);
            foreach (var one in found) yield return one;
            next = following;
        }
    }

    /// <summary>How many a search finds: as Halaxy says it, or counted where it does not.</summary>
    /// <typeparam name="T">The kind of resource.</typeparam>
    /// <param name="search">The search parameters.</param>
    /// <param name="cancelled">Ends it.</param>
    /// <exception cref="HalaxyException">It could not be read.</exception>
    public async Task<int> CountAsync<T>(string search, CancellationToken cancelled = default)
        where T : Resource
    {
        var address = new Uri(_key.Address, $"{ModelInfo.GetFhirTypeNameForType(typeof(T))}?{search}&_count=1");
        if (TotalOf(Parse<Bundle>(await ReadAsync(address, cancelled) ?? throw new HalaxyException(HalaxyFault.Rejected, "Halaxy knows no such search."))) is { } total) return total;
        var count = 0;
        await foreach (var _ in SearchAsync<T>($"{search}&_count=100", cancelled)) count++;
        return count;
    }

    /// <summary>One resource; null when there is none, or none any more.</summary>
    /// <typeparam name="T">The kind of resource.</typeparam>
    /// <param name="id">Its id.</param>
    /// <param name="cancelled">Ends it.</param>
    /// <exception cref="HalaxyException">It could not be read.</exception>
    public async Task<T?> FindAsync<T>(string id, CancellationToken cancelled = default)
        where T : Resource
    {
        try
        {
            return await ReadAsync(AddressOf(ModelInfo.GetFhirTypeNameForType(typeof(T))!, id), cancelled) is { } body ? Parse<T>(body) : null;
        }
        catch (HalaxyException unsure) when (unsure.IsNotFound)
        {
            // an error of another kind may have this status: a search that finds nothing says that there is none
            await foreach (var one in SearchAsync<T>($"_id={Uri.EscapeDataString(id)}&_count=2", cancelled)) return one.Id == id ? one : throw new HalaxyException(HalaxyFault.Unreadable, "Halaxy does not say whether there is such a thing.", unsure);
            return null;
        }
    }

    /// <summary>Changes an appointment by a merge patch (RFC 7396); false when there is none any more. What Halaxy cannot write it leaves, and answers as if it had: the caller reads it again, whatever was answered.</summary>
    /// <param name="id">The appointment's id.</param>
    /// <param name="patch">What changes.</param>
    /// <param name="cancelled">Ends it.</param>
    /// <exception cref="HalaxyException">It was not changed, or nobody knows.</exception>
    public async Task<bool> PatchAsync(string id, JsonObject patch, CancellationToken cancelled = default)
    {
        ArgumentNullException.ThrowIfNull(patch);
        var bytes = JsonSerializer.SerializeToUtf8Bytes(patch);
        return await SendAsync(() => Request(HttpMethod.Patch, AddressOf("Appointment", id), bytes, "application/merge-patch+json"), cancelled) is not null;
    }

    /// <summary>When a practitioner at a clinic can be booked, as online bookings are offered ($find): by Halaxy's own rules, such as how early and with how much time between.</summary>
    /// <param name="roleId">The practitioner at a clinic.</param>
    /// <param name="from">From when on.</param>
    /// <param name="until">Until when.</param>
    /// <param name="minutes">How long the appointment is.</param>
    /// <param name="cancelled">Ends it.</param>
    /// <exception cref="HalaxyException">It could not be read.</exception>
    public async Task<IReadOnlyList<NodaTime.Instant>> FindTimesAsync(string roleId, NodaTime.Instant from, NodaTime.Instant until, int minutes, CancellationToken cancelled = default)
    {
        var query = string.Create(CultureInfo.InvariantCulture, $"start={InstantPattern.General.Format(from)}&end={InstantPattern.General.Format(until)}&duration={minutes}&practitioner-role={Uri.EscapeDataString(roleId)}&_sort=start");
        var body = await ReadAsync(new Uri(_key.Address, $"Appointment/$find?{query}"), cancelled);
        if (body is null) return [];
        var offered = Read<Appointment>(Parse<Bundle>(body)).Found;
        return [.. offered.Where(one => HalaxyAppointment.IdsOf(one, "PractitionerRole").Contains(roleId)).Select(HalaxyAppointment.StartOf).OfType<NodaTime.Instant>().Where(start => start >= from && start < until).Distinct().Order()];
    }

    /// <summary>What the API says that it can do; null when it does not say.</summary>
    /// <exception cref="HalaxyException">It could not be read.</exception>
    public async Task<CapabilityStatement?> CapabilitiesAsync(CancellationToken cancelled = default) =>
        await ReadAsync(new Uri(_key.Address, "metadata"), cancelled) is { } body ? Parse<CapabilityStatement>(body) : null;

    /// <summary>Makes an appointment as it is sent, which Halaxy may not take. It is sent once: after <see cref="HalaxyFault.Unavailable"/> it may have been made.</summary>
    /// <param name="appointment">The appointment.</param>
    /// <param name="cancelled">Ends it.</param>
    /// <exception cref="HalaxyException">It was not made, or nobody knows.</exception>
    public Task<Appointment> CreateAsync(Appointment appointment, CancellationToken cancelled = default) => MakeAsync("Appointment", appointment, cancelled);

    /// <summary>Deletes an appointment, which Halaxy may not do. What is not there any more is as good as deleted.</summary>
    /// <param name="id">The appointment's id.</param>
    /// <param name="cancelled">Ends it.</param>
    /// <exception cref="HalaxyException">It was not deleted, or nobody knows.</exception>
    public async System.Threading.Tasks.Task DeleteAsync(string id, CancellationToken cancelled = default) =>
        await SendAsync(() => Request(HttpMethod.Delete, AddressOf("Appointment", id), null, null), cancelled);

    /// <summary>Books a patient appointment. It is sent once: after <see cref="HalaxyFault.Unavailable"/> it may have been booked.</summary>
    /// <param name="booking">The Parameters resource.</param>
    /// <param name="cancelled">Ends it.</param>
    /// <exception cref="HalaxyException">It was not booked, or nobody knows.</exception>
    public Task<Appointment> BookAsync(Parameters booking, CancellationToken cancelled = default) => MakeAsync("Appointment/$book", booking, cancelled);

    /// <inheritdoc/>
    public void Dispose() => _tokens.Dispose();

    private async Task<Appointment> MakeAsync(string path, Resource sent, CancellationToken cancelled)
    {
        var bytes = Encoding.UTF8.GetBytes(new FhirJsonSerializer().SerializeToString(sent));
        var body = await SendAsync(() => Request(HttpMethod.Post, new Uri(_key.Address, path), bytes, Fhir), cancelled);
        if (body is null) throw new HalaxyException(HalaxyFault.Rejected, "Halaxy does not find what is to be booked.");
        try
        {
            return Parse<Appointment>(body);
        }
        catch (HalaxyException unreadable)
        {
            throw new HalaxyException(HalaxyFault.Unavailable, "Halaxy took a booking, and did not say what it made of it.", unreadable);
        }
    }

    private async Task<byte[]?> ReadAsync(Uri address, CancellationToken cancelled) =>
        await Again.ExecuteAsync(async stop => await SendAsync(() => Request(HttpMethod.Get, address, null, null), stop), cancelled);

    private static HttpRequestMessage Request(HttpMethod method, Uri address, byte[]? body, string? type)
    {
        var request = new HttpRequestMessage(method, address);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(Fhir));
        if (body is null) return request;
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(type!);
        return request;
    }

    /// <summary>The body of the answer; null when there is no such thing.</summary>
    private async Task<byte[]?> SendAsync(Func<HttpRequestMessage> make, CancellationToken cancelled)
    {
        string? refused = null;
        while (true)
        {
            // a token must not grow old while its request waits
            await _rate.TakeAsync(_patience, cancelled);
            var token = await _tokens.GetAsync(refused, cancelled);
            using var request = make();
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using var answer = await HalaxyFaults.SendAsync(_http, request, cancelled);
            _rate.Note(answer);
            if (refused is null && await HalaxyFaults.IsExpiredAsync(answer, cancelled))
            {
                refused = token;
                continue;
            }

            if (await HalaxyFaults.IsNoneAsync(answer, cancelled)) return null;
            if (!answer.IsSuccessStatusCode) throw await HalaxyFaults.OfAsync(answer, _clock.GetCurrentInstant(), cancelled);
            return await answer.Content.ReadAsByteArrayAsync(cancelled);
        }
    }

    private static T Parse<T>(byte[] body)
        where T : Resource
    {
        try
        {
            var reader = new Utf8JsonReader(Whole(body));
            FhirJsonDeserializer.RECOVERABLE.TryDeserializeResource(ref reader, out var read, out _);
            return read as T ?? throw Unreadable("another resource");
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException or CodedValidationException)
        {
            throw Unreadable("no resource");
        }
    }

    /// <summary>It with a sign in place of each half character, in UTF-8 or escaped: a comment that was cut off in the middle of one must not hide a whole page.</summary>
    private static byte[] Whole(byte[] body)
    {
        var text = Encoding.UTF8.GetString(body);
        return Encoding.UTF8.GetBytes(text.Contains("\\u", StringComparison.Ordinal) ? HalfEscape().Replace(text, static found => found.Groups["half"].Success ? "\\ufffd" : found.Value) : text);
    }

    // what is escaped otherwise, and whole pairs, are taken first, so that what is left is half of one
    [GeneratedRegex(@"\\[^u]|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?<half>\\u[dD][89a-fA-F][0-9a-fA-F]{2})", RegexOptions.CultureInvariant)]
    private static partial Regex HalfEscape();

    private static int? TotalOf(Bundle page)
    {
        try
        {
            return page.Total;
        }
        catch (CodedValidationException)
        {
            return null;
        }
    }

    private (IReadOnlyList<T> Found, Uri? Next) Read<T>(Bundle page)
        where T : Resource
    {
        try
        {
            return ([.. page.Entry.Where(entry => entry is not null && !IsRemark(entry)).Select(entry => entry.Resource as T ?? throw Unreadable("another resource in a search"))], NextOf(page));
        }
        catch (CodedValidationException)
        {
            throw Unreadable("a page that cannot be read");
        }
    }

    // a search may say something of itself (FHIR R4 §3.1.1.4.3): an error among it means that not all came
    private static bool IsRemark(Bundle.EntryComponent entry)
    {
        if (entry.Resource is not OperationOutcome said) return false;
        return said.Issue.Any(issue => issue.Severity is OperationOutcome.IssueSeverity.Error or OperationOutcome.IssueSeverity.Fatal) ? throw Unreadable("a search that it could not finish") : true;
    }

    /// <summary>Whether something is an id as FHIR has them.</summary>
    internal static bool IsId(string id) => Id().IsMatch(id) && id.Any(letter => letter != '.');

    private Uri AddressOf(string type, string id) => IsId(id) ? new Uri(_key.Address, $"{type}/{id}") : throw Unreadable("an id that is none");

    // FHIR R4 §2.24.0.1: nothing in it means anything in an address
    [GeneratedRegex("^[A-Za-z0-9.-]{1,64}$")]
    private static partial Regex Id();

    // the token goes with it: only to where it was given
    private Uri? NextOf(Bundle page)
    {
        if (page.Link.FirstOrDefault(link => link?.Relation == "next") is not { } next) return null;
        return Uri.TryCreate(_key.Address, next.Url, out var absolute) && _key.Address.IsBaseOf(absolute) ? absolute : throw Unreadable("a page elsewhere");
    }

    private static HalaxyException Unreadable(string what) => new(HalaxyFault.Unreadable, $"Halaxy answered with {what}.");
}
