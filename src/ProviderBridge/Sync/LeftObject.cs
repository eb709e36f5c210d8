using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Calendaring.ICalendar;
using Calendaring.Store;

namespace ProviderBridge.Sync;

/// <summary>
/// What a link that ended has left in the outside calendar, by hashes: a link that is made to the same calendar later tells by them what nobody has touched since from what its person has changed in the meantime.
/// </summary>
/// <param name="OutsideId">Its id outside.</param>
/// <param name="Outside">What the outside calendar had of it; empty when that is not known.</param>
/// <param name="Practice">What the link was shown of it in the practice; empty when that is not known.</param>
/// <param name="IsPatient">Whether it was with a patient, or that is not known.</param>
internal sealed record LeftObject(string OutsideId, string Outside, string Practice, bool IsPatient)
{
    private const string RecordKind = "link-left";

    /// <summary>Lines that change without anybody's edit, and the UID, which never does.</summary>
    private static readonly HashSet<string> Unread = ["UID", "DTSTAMP", "CREATED", "LAST-MODIFIED", "SEQUENCE"];

    public static async ValueTask<LeftObject?> FindAsync(IStoreSnapshot snapshot, LinkKey link, string outsideId) =>
        await snapshot.FindRecordAsync(RecordKind, link.LinkId, outsideId) is { } record ? JsonSerializer.Deserialize(record.Document.Span, SyncJson.Default.LeftObject) : null;

    /// <summary>One of ours of which nothing is known: it may be that somebody has changed it.</summary>
    public static LeftObject Unknown(string outsideId) => new(outsideId, "", "", true);

    /// <summary>The steps that note what a link leaves when it forgets what it mirrors, in place of what one of before has left.</summary>
    public static async ValueTask<IReadOnlyList<StoreOperation>> NoteAsync(IStoreSnapshot snapshot, LinkKey link)
    {
        var left = (await LinkItem.ListAsync(snapshot, link)).Select(Of).OfType<LeftObject>().ToDictionary(one => one.OutsideId, StringComparer.Ordinal);
        var old = (await snapshot.ListRecordsAsync(RecordKind, link.LinkId)).Where(record => !left.ContainsKey(record.Id));
        return [.. old.Select(record => new DeleteRecord(RecordKind, link.LinkId, record.Id)), .. left.Values.Select(one => one.Put(link))];
    }

    /// <summary>Whether nobody has changed it since.</summary>
    public bool IsAsItWas(OutsideSeries found) => Outside == HashOf(found.Content);

    /// <summary>Whether the practice has changed it since, or that is not known.</summary>
    public bool IsOtherThan(HxSide hx) => Practice != HashOf(hx.Content);

    public StoreOperation Put(LinkKey link) => new PutRecord(RecordKind, link.LinkId, OutsideId, JsonSerializer.SerializeToUtf8Bytes(this, SyncJson.Default.LeftObject));

    public StoreOperation Remove(LinkKey link) => new DeleteRecord(RecordKind, link.LinkId, OutsideId);

    private static LeftObject? Of(LinkItem item) => item is { IsRejected: false, OutsideId: { } id, OutsideBase: { } there }
        ? new LeftObject(id, HashOf(LinkItem.Parse(there)), HashOf(LinkItem.Parse(item.HxBase)), item.IsPatient)
        : null;

    /// <summary>The events with their lines in any order: a server may write them in another one.</summary>
    private static string HashOf(CalendarObject content)
    {
        var events = content.Calendar.Components.Where(component => component.Name == "VEVENT")
            .Select(component => string.Join('\n', component.Properties.Where(line => !Unread.Contains(line.Name)).Select(TextOf).Order(StringComparer.Ordinal)));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join("\n\n", events.Order(StringComparer.Ordinal)))));
    }

    private static string TextOf(ContentLine line) =>
        $"{line.Name};{string.Join(';', line.Parameters.Select(one => $"{one.Name}={string.Join(',', one.Values)}").Order(StringComparer.Ordinal))}:{line.RawValue}";
}
