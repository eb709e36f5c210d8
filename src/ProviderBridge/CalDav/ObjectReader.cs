using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Calendaring.ICalendar;
using NodaTime;
using ProviderBridge.Sync;

namespace ProviderBridge.CalDav;

/// <summary>
/// Reads objects: those that a listing named many at once, as they were then, until something is written over them; all others one by one. What is old is found out when it is written: each write names the version that it
/// was decided on.
/// </summary>
internal sealed class ObjectReader(CalDavRequests requests, CalendarAddress where, ObjectNames names, MissingObjects missing)
{
    private const int AtOnce = 40;
    private const int MostKept = 16 * 1024 * 1024;
    private const string NotGiven = "The server lists it but does not return it.";
    private static readonly int MaxBytes = ICalendarLimits.Default.MaxBytes * 2;
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);
    private readonly Dictionary<string, ObjectCopy> _ahead = new(StringComparer.Ordinal);
    private readonly HashSet<string> _there = new(StringComparer.Ordinal);
    private readonly HashSet<string> _given = new(StringComparer.Ordinal);
    private Dictionary<string, string> _listed = new(StringComparer.Ordinal);
    private Queue<string> _waiting = new();
    private int _kept;

    /// <summary>Notes what a listing named.</summary>
    /// <param name="objects">What.</param>
    /// <param name="isWhole">Whether that is all there is.</param>
    public void Note(IReadOnlyList<ListedObject> objects, bool isWhole)
    {
        _ahead.Clear();
        _given.Clear();
        _kept = 0;
        _listed = objects.Where(one => !one.IsGone).ToDictionary(one => one.Name, one => one.Href, StringComparer.Ordinal);
        _waiting = new Queue<string>(_listed.Keys);
        _there.Clear();
        _there.UnionWith(_listed.Keys);
        foreach (var one in objects.Where(one => one.IsGone)) missing.Forget(names.Of, one.Name);
        if (isWhole) missing.Keep(names.Of, _there);
    }

    /// <summary>Reads an object. Null only when the server says that it is gone, and the calendar is not.</summary>
    /// <param name="name">Its path segment.</param>
    /// <param name="address">Its path as the server wrote it; null where that is as we write it.</param>
    /// <param name="cancelled">Stops it.</param>
    public async Task<OutsideSeries?> ReadAsync(string name, string? address, CancellationToken cancelled)
    {
        if (!_ahead.ContainsKey(name) && _listed.ContainsKey(name)) await ReadAheadAsync(name, cancelled);
        if (_ahead.TryGetValue(name, out var copy)) return Compose(name, copy);
        // a server may take what it listed only as it listed it
        var known = _listed.Remove(name, out var href) ? href : address;
        return await ReadOneAsync(name, known is null ? where.Of(name) : new Uri(where.Address, known), cancelled);
    }

    /// <summary>Reads an object that is known by its name only.</summary>
    public Task<OutsideSeries?> ReadAsync(string name, CancellationToken cancelled) => ReadAsync(name, null, cancelled);

    /// <summary>Forgets what was listed and read ahead of an object: it is at another version now.</summary>
    public void Forget(string name)
    {
        _there.Remove(name);
        _ahead.Remove(name);
        _listed.Remove(name);
    }

    /// <summary>The event that a text is, at a version.</summary>
    public OutsideSeries Compose(string name, ObjectCopy copy)
    {
        if (!CalendarObject.TryParse(Encoding.UTF8.GetBytes(copy.Text), out var all, out var error))
            throw new OutsideException(OutsideFault.Rejected, string.Create(CultureInfo.InvariantCulture, $"The server has something that cannot be read (line {error.LineNumber})."));
        var uid = all.Calendar.Components.FirstOrDefault(component => component.Name == "VEVENT")?.Find("UID")?.Text ?? "";
        var tag = names.AppointmentOf(uid);
        if (MirroredLines.Of(all, tag ?? uid) is not { } content) throw new OutsideException(OutsideFault.Rejected, "The server has something that is not an event with a start.");
        return new OutsideSeries(name, copy.Version, content, tag, copy.Modified is { } at ? Instant.FromUnixTimeSeconds(at) : UpdatedIn(all), copy.Write())
        {
            Address = new Uri(where.Address, copy.Href).AbsolutePath is var path && path != where.Of(name).AbsolutePath ? path : null,
            IsOurs = names.AreOurs(name, uid),
            OfAnotherLink = tag is null ? ObjectNames.AppointmentOfAny(uid) : null,
        };
    }

    private async Task<OutsideSeries?> ReadOneAsync(string name, Uri address, CancellationToken cancelled)
    {
        var answer = await where.SendAboutOneAsync(new DavRequest("GET", address) { MaxBytes = MaxBytes }, cancelled);
        if (answer.IsGone)
        {
            // some servers take a name only as they write it, and write other escapes than we do
            if (where.OtherSpellingOf(name) is { } other && other != address && address == where.Of(name)) return await ReadOneAsync(name, other, cancelled);
            // gone with the calendar is not gone
            if (await where.FindAgainAsync(cancelled)) return await ReadOneAsync(name, new Uri(where.Address, address.AbsolutePath), cancelled);
            // listed a moment ago: one of the server's copies is behind, or it was deleted since, which the next listing tells
            if (!_there.Contains(name) && !missing.Has(names.Of, name)) return null;
            if (missing.IsOften(names.Of, name)) throw new OutsideException(OutsideFault.Rejected, NotGiven);
            await CountMissingAsync(cancelled);
            throw new OutsideException(OutsideFault.Unavailable, NotGiven);
        }

        missing.Forget(names.Of, name);

        if (answer.Status != 200 || answer.ETag is null) throw new OutsideException(OutsideFault.Rejected, string.Create(CultureInfo.InvariantCulture, $"The server does not return an event with its version ({answer.Status})."));
        try
        {
            return Compose(name, new ObjectCopy(answer.Address.AbsolutePath, answer.ETag, answer.Modified?.ToUnixTimeSeconds(), Strict.GetString(answer.Body)));
        }
        catch (DecoderFallbackException)
        {
            throw new OutsideException(OutsideFault.Rejected, "The server has something that is not text.");
        }
    }

    /// <summary>Counts whatever else was listed and is not given, before the pass ends at the first of them: otherwise each of them would end passes of its own.</summary>
    private async Task CountMissingAsync(CancellationToken cancelled)
    {
        foreach (var name in _listed.Keys.ToList())
        {
            if (!_given.Contains(name)) await ReadAheadAsync(name, cancelled);
            if (_given.Contains(name) || !_listed.Remove(name, out var href)) continue;
            try
            {
                var answer = await where.SendAboutOneAsync(new DavRequest("GET", new Uri(where.Address, href)) { MaxBytes = MaxBytes }, cancelled);
                if (answer.IsGone) missing.IsOften(names.Of, name);
                else missing.Forget(names.Of, name);
            }
            catch (OutsideException failed) when (failed.Fault == OutsideFault.Rejected)
            {
                // that it is not given for another reason is found out when its turn comes
            }
        }
    }

    /// <summary>Reads an object and those that will be asked for after it. What does not come of it is read one by one.</summary>
    private async Task ReadAheadAsync(string name, CancellationToken cancelled)
    {
        List<string> batch = [name];
        while (batch.Count < AtOnce && _waiting.TryDequeue(out var next))
        {
            if (next != name && _listed.ContainsKey(next)) batch.Add(next);
        }

        // one alone is a request either way
        if (batch.Count == 1) return;
        var wanted = batch.Select(one => _listed[one]).ToList();
        try
        {
            var answer = await requests.SendAsync(new DavRequest("REPORT", where.Address) { Depth = "1", Body = DavBodies.MultigetOf(wanted) }, cancelled);
            if (answer.Status != 207) return;
            foreach (var item in Multistatus.Read(answer).Items)
            {
                if (where.NameIn(item.Address) is not { } known || !batch.Contains(known) || CopyOf(item) is not { } copy) continue;
                missing.Forget(names.Of, known);
                _given.Add(known);
                if ((_kept += copy.Text.Length) <= MostKept) _ahead[known] = copy;
            }
        }
        catch (Exception failed) when (failed is CalDavException or OutsideException { Fault: OutsideFault.Rejected } or OutsideException { InnerException: CalDavException { IsServerError: true } })
        {
            // one that is too large, that is no XML, or at which the server fails, must not keep the others from being read
        }
    }

    private static ObjectCopy? CopyOf(DavItem item) =>
        item.Find(DavNames.Data) is { } data && item.Version is { } version
            ? new ObjectCopy(item.Href, version, DateTimeOffset.TryParse(item.Text(DavNames.LastModified), CultureInfo.InvariantCulture, out var at) ? at.ToUnixTimeSeconds() : null, TextOf(data))
            : null;

    // XML has made one character of each line end; what else is a line end to others (U+0085, U+2028) is text
    private static string TextOf(XElement data) => string.Join("\r\n", data.Value.Trim('\n', '\r', ' ', '\t').Split(["\r\n", "\r", "\n"], StringSplitOptions.None)) + "\r\n";

    private static Instant? UpdatedIn(CalendarObject all)
    {
        var stamps = all.Calendar.Components.Where(component => component.Name == "VEVENT").SelectMany(component => component.FindAll("LAST-MODIFIED"));
        return stamps.Select(line => line.TryReadTime(out var time) && time.Kind == CalendarTimeKind.Utc ? time.Local.InUtc().ToInstant() : (Instant?)null).Max();
    }
}
