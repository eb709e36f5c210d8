using System.Globalization;
using System.Text;
using Calendaring.ICalendar;
using NodaTime;
using Polly;
using Practice.Hx;
using ProviderBridge.Sync;

namespace ProviderBridge.CalDav;

/// <summary>A calendar at a CalDAV server (RFC 4791): iCloud's, another provider's, or Exchange's behind DavMail.</summary>
public sealed class CalDavCalendar : IOutsideCalendar
{
    private const int Generations = 20;
    private readonly EventOwners _owners;
    private readonly IClock _clock;
    private readonly CalDavRequests _requests;
    private readonly CalendarAddress _where;
    private readonly ObjectNames _names;
    private readonly ObjectReader _reader;
    private readonly CalendarListing _listing;

    /// <param name="access">The way into the account.</param>
    /// <param name="calendar">The calendar.</param>
    /// <param name="link">The link that mirrors it.</param>
    /// <param name="owners">Tells which events are other appointments'.</param>
    /// <param name="clock">The current time.</param>
    /// <param name="pipeline">How what fails is tried again; the usual way when it is not said.</param>
    /// <param name="missing">What servers list and do not give; known from pass to pass.</param>
    public CalDavCalendar(CalDavAccess access, Uri calendar, LinkKey link, EventOwners owners, IClock clock, ResiliencePipeline? pipeline = null, MissingObjects? missing = null)
    {
        _owners = owners;
        _clock = clock;
        _requests = new CalDavRequests(access, pipeline ?? OutsideTries.Usual);
        _where = new CalendarAddress(_requests, calendar);
        _names = new ObjectNames(link, _where.Address);
        _reader = new ObjectReader(_requests, _where, _names, missing ?? new MissingObjects());
        _listing = new CalendarListing(_requests, _where);
    }

    /// <summary>Whether what was written is read again: a gateway answers with a version, and has made something else of it.</summary>
    public bool ReadsBack { get; init; }

    /// <inheritdoc/>
    public CalendarObject Render(CalendarObject content) => MirroredLines.Of(content, "") ?? content;

    /// <inheritdoc/>
    public async Task<OutsideChanges> ListChangesAsync(string? cursor, CancellationToken cancellationToken)
    {
        var listed = await _listing.ListAsync(cursor, cancellationToken);
        _reader.Note(listed.Objects, listed.IsWhole);
        var versions = listed.Objects.Where(one => one.Version is not null).ToDictionary(one => one.Name, one => one.Version!, StringComparer.Ordinal);
        return new OutsideChanges([.. listed.Objects.Select(one => one.Name)], listed.Cursor, listed.IsWhole)
        {
            Versions = versions,
            Gone = listed.Objects.Where(one => one.IsGone).Select(one => one.Name).ToHashSet(StringComparer.Ordinal),
        };
    }

    /// <inheritdoc/>
    public Task<OutsideSeries?> ReadAsync(string id, CancellationToken cancellationToken) => _reader.ReadAsync(id, cancellationToken);

    /// <inheritdoc/>
    public Task<OutsideSeries?> ReadAsync(string id, string? address, CancellationToken cancellationToken) => _reader.ReadAsync(id, address, cancellationToken);

    /// <inheritdoc/>
    public async Task<OutsideSeries> CreateAsync(string uid, int generation, CalendarObject content, CancellationToken cancellationToken)
    {
        // what was deleted may keep its name or its UID for a while, in the server's bin
        var isRefused = false;
        for (var n = generation; n < generation + Generations; n++)
        {
            var (name, own) = (_names.NameOf(uid, n), _names.UidOf(uid, n));
            if (MirroredLines.Of(content, own) is not { } wanted) throw new OutsideException(OutsideFault.Rejected, "It has no event with a start.");
            _reader.Forget(name);
            var answer = await PutAsync(new DavRequest("PUT", _where.Of(name)) { IsNew = true, Content = wanted.ToText() }, cancellationToken);
            if (answer.IsDone) return await WrittenAsync(answer, answer.Location is { } made ? _where.NameIn(made) ?? name : name, wanted.ToText(), own, cancellationToken) with { IsUntouched = true };
            if (answer.Status != 412 && !IsUidTaken(answer))
            {
                var refusal = await RefusedAsync(answer, cancellationToken);
                // a server may say so of what its bin has, without a reason
                if (isRefused || answer.Status is not (400 or 403 or 409) || answer.Precondition is not null || await _reader.ReadAsync(name, cancellationToken) is not null) throw refusal;
                isRefused = true;
                continue;
            }

            if (await FindAsync(answer, name, own, cancellationToken) is { } found && found.Tag == uid && !await _owners.IsAnothersAsync(found.Id, uid, cancellationToken)) return found;
        }

        throw new OutsideException(OutsideFault.Rejected, "The server has had this event too many times.");
    }

    /// <inheritdoc/>
    public async Task<OutsideSeries> UpdateAsync(OutsideSeries current, string uid, CalendarObject content, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(current);
        var had = ObjectCopy.Read(current.Raw);
        // what is not mirrored stays as it is there, line for line
        var whole = CalendarObject.Parse(Encoding.UTF8.GetBytes(had.Text));
        if (ExternalPatch.Apply(current.Content, Render(content), whole, _clock.GetCurrentInstant()) is not { } next) throw new OutsideException(OutsideFault.Rejected, "It has no event with a start.");
        MirroredLines.AddZones(next.Calendar);
        foreach (var one in next.Calendar.Components.Where(component => component.Name == "VEVENT")) MirroredLines.AddEnd(one);
        var text = next.ToText();
        _reader.Forget(current.Id);
        var answer = await PutAsync(new DavRequest("PUT", new Uri(_where.Address, had.Href)) { IfMatch = had.Version, Content = text }, cancellationToken);
        if (answer.IsDone) return await WrittenAsync(answer, current.Id, text, null, cancellationToken, current.Address);
        throw answer.Status == 412 || answer.IsGone ? Changed() : await RefusedAsync(answer, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task DeleteAsync(OutsideSeries current, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(current);
        var had = ObjectCopy.Read(current.Raw);
        _reader.Forget(current.Id);
        var answer = await _where.SendAboutOneAsync(new DavRequest("DELETE", new Uri(_where.Address, had.Href)) { IfMatch = had.Version }, cancellationToken);
        if (answer.Status == 412)
        {
            // some say so of what is gone
            if (await _reader.ReadAsync(current.Id, current.Address, cancellationToken) is null) return;
            throw Changed();
        }

        if (answer is { IsDone: false, IsGone: false }) throw await RefusedAsync(answer, cancellationToken);
        if (await _reader.ReadAsync(current.Id, current.Address, cancellationToken) is not null) throw new OutsideException(OutsideFault.Unavailable, "An event is still there after it was deleted.");
    }

    private async Task<DavAnswer> PutAsync(DavRequest request, CancellationToken cancelled)
    {
        var answer = await _where.SendAboutOneAsync(request, cancelled);
        // RFC 4918 §9.7.1: 409 says that there is nothing to put it into
        if (answer.Status is not (404 or 409 or 410) || IsUidTaken(answer) || !await _where.FindAgainAsync(cancelled)) return answer;
        return await _where.SendAboutOneAsync(request with { Address = new Uri(_where.Address, request.Address.AbsolutePath) }, cancelled);
    }

    /// <summary>What the server has after a write: what it was sent, where it says so by a version (RFC 4791 §5.3.4), else what it answers.</summary>
    private async Task<OutsideSeries> WrittenAsync(DavAnswer answer, string name, byte[] text, string? own, CancellationToken cancelled, string? address = null)
    {
        if (answer is { ETag: { } version, IsWeak: false } && !ReadsBack) return _reader.Compose(name, new ObjectCopy(address ?? _where.Of(name).AbsolutePath, version, answer.Modified?.ToUnixTimeSeconds(), Encoding.UTF8.GetString(text)));
        return await _reader.ReadAsync(name, address, cancelled) ?? (own is null ? null : await FindByUidAsync(own, cancelled)) ?? throw Changed();
    }

    /// <summary>What is there already when something was to be made.</summary>
    private async Task<OutsideSeries?> FindAsync(DavAnswer refused, string name, string own, CancellationToken cancelled)
    {
        if (refused.Precondition?.Element(DavNames.Href)?.Value.Trim() is { Length: > 0 } href && Uri.TryCreate(_where.Address, href, out var at) && _where.NameIn(at) is { } other) name = other;
        return await _reader.ReadAsync(name, cancelled) ?? (IsUidTaken(refused) ? await FindByUidAsync(own, cancelled) : null);
    }

    private async Task<OutsideSeries?> FindByUidAsync(string own, CancellationToken cancelled)
    {
        var answer = await _requests.SendAsync(new DavRequest("REPORT", _where.Address) { Depth = "1", Body = DavBodies.WithUid(own) }, cancelled);
        if (answer.Status != 207) return null;
        return CalDavRequests.Read(answer).Items.Select(item => _where.NameIn(item.Address)).OfType<string>().FirstOrDefault() is { } name ? await _reader.ReadAsync(name, cancelled) : null;
    }

    private static bool IsUidTaken(DavAnswer answer) => answer.Precondition?.Name == DavNames.UidConflict;

    /// <summary>Why something was not written. A refusal without a reason may be of this event alone, or of everything for a while: then the calendar is refused as well.</summary>
    private async Task<OutsideException> RefusedAsync(DavAnswer answer, CancellationToken cancelled)
    {
        if (answer.Status >= 500 && answer.Status != 507) return new OutsideException(OutsideFault.Unavailable, string.Create(CultureInfo.InvariantCulture, $"The server answered {answer.Status}."));
        var because = answer.Precondition?.Name.LocalName;
        if (because is null) await _where.FindAgainAsync(cancelled);
        return new OutsideException(OutsideFault.Rejected, because switch
        {
            "need-privileges" => "The calendar there is read-only.",
            "max-resource-size" => "It is too large for the server.",
            not null => $"The server does not accept it ({because}).",
            null when answer.Status == 403 => "The server does not allow it to be written.",
            null when answer.Status is 507 or 413 => "There is no room for it on the server.",
            null => string.Create(CultureInfo.InvariantCulture, $"The server does not accept it ({answer.Status})."),
        });
    }

    private static OutsideException Changed() => new(OutsideFault.Changed, "The event is at another version.");
}
