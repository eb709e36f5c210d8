using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Calendaring.Store;
using Practice;
using Practice.Hx;
using Practice.People;
using ProviderBridge.Accounts;
using ProviderBridge.Sync;

namespace CalDavServer.Commands.Exports;

/// <summary>
/// Writes a person's calendars as other programs read them: a folder for each calendar and an .ics file for each object, byte by byte as stored (the "vdir" format of vdirsyncer and others); beside it a
/// JSON file with what .ics has no place for. Object by object: a large calendar takes no more memory than a small one.
/// </summary>
internal sealed class Export(IStoreSnapshot snapshot, ExportFiles files, IProgress<double> progress)
{
    private int _damaged;

    /// <summary>Writes everything, and gives the number of objects that are damaged and were left out.</summary>
    public async Task<int> WriteAsync(Principal person, CancellationToken cancelled)
    {
        await WritePersonAsync(person);
        var collections = await snapshot.ListCollectionsAsync(person.Id);
        foreach (var (number, collection) in collections.Index())
        {
            await WriteObjectsAsync(collection, cancelled);
            await WriteDetailsAsync(collection, cancelled);
            progress.Report((number + 1.0) / collections.Count);
        }

        await WriteRejectedAsync(person);
        await WriteAccountsAsync(person);
        return _damaged;
    }

    // never what opens them
    private async Task WriteAccountsAsync(Principal person)
    {
        var accounts = await OutsideAccount.ListAsync(snapshot, person.Id);
        if (accounts.Count == 0) return;
        await using var stream = files.Open("outside-accounts.json");
        await using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartArray();
        foreach (var account in accounts)
        {
            json.WriteStartObject();
            json.WriteString("service", account.Provider);
            json.WriteString("email", account.Email);
            json.WriteString("connected", account.Connected.ToString());
            json.WriteString("lost", account.LostAt?.ToString());
            if (await Link.FindAsync(snapshot, Link.KeyOf(account.Key)) is { } link)
            {
                json.WriteStartObject("link");
                json.WriteString("level", link.Level.ToString());
                json.WriteString("state", link.State.ToString());
                json.WriteNumber("appointments", link.Count);
                json.WriteString("lastPass", link.LastPass?.ToString());
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private async Task WriteRejectedAsync(Principal person)
    {
        var edits = await RejectedEdit.ListAsync(snapshot, person.Id, NodaTime.Instant.MinValue);
        if (edits.Count == 0) return;
        await using var stream = files.Open("not-taken.json");
        await using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartArray();
        foreach (var edit in edits)
        {
            json.WriteStartObject();
            json.WriteString("at", edit.At.ToString());
            json.WriteString("uid", edit.AppointmentId);
            json.WriteString("device", edit.Device);
            json.WriteStartArray("wrote");
            foreach (var field in edit.Fields)
            {
                json.WriteStartObject();
                json.WriteString("what", field.Kind.ToString());
                if (field.Occurrence is { } occurrence) json.WriteString("occurrence", NodaTime.Text.LocalDateTimePattern.ExtendedIso.Format(occurrence));
                json.WriteString("words", field.Sent);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private async Task WritePersonAsync(Principal person)
    {
        var passkeys = (await Account.FindAsync(snapshot, person.Id))?.Account.Passkeys ?? [];
        using var stream = files.Open("person.json");
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("login", person.Login);
        json.WriteString("name", person.DisplayName);
        json.WriteString("email", person.Email);
        json.WriteString("unconfirmedEmail", (await NewAddress.FindAsync(snapshot, person.Id))?.Address.Email);
        json.WriteString("role", person.Role.ToString());
        json.WriteStartArray("passkeys");
        foreach (var passkey in passkeys)
        {
            json.WriteStartObject();
            json.WriteString("name", passkey.Name);
            json.WriteString("added", passkey.Made.ToString());
            json.WriteString("lastUsed", passkey.LastUsed?.ToString());
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private async Task WriteObjectsAsync(Collection collection, CancellationToken cancelled)
    {
        await foreach (var row in snapshot.ListRowsAsync(collection.Id).WithCancellation(cancelled))
        {
            try
            {
                if (await snapshot.FindObjectAsync(collection.Id, row.Name) is not { } stored) continue;
                await using var stream = files.Open($"{FolderOf(collection)}/{FileOf(row)}");
                await stream.WriteAsync(stored.Bytes, cancelled);
            }
            catch (CorruptObjectException)
            {
                _damaged++;
            }
        }
    }

    private async Task WriteDetailsAsync(Collection collection, CancellationToken cancelled)
    {
        await using var stream = files.Open($"{FolderOf(collection)}.json");
        await using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("name", collection.Name);
        json.WriteStartObject("properties");
        await WritePropertiesAsync(json, PropertyTarget.Of(collection));
        json.WriteEndObject();
        var described = await snapshot.ListMembersWithPropertiesAsync(collection, StoreLevels.Highest);
        json.WriteStartArray("objects");
        await foreach (var row in snapshot.ListRowsAsync(collection.Id).WithCancellation(cancelled))
        {
            await WriteRowAsync(json, collection, row, described.Contains(row.Name));
            await json.FlushAsync(cancelled);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private async Task WritePropertiesAsync(Utf8JsonWriter json, PropertyTarget target)
    {
        foreach (var (name, element) in (await snapshot.ReadPropertiesAsync(target, StoreLevels.Highest)).Values) json.WriteString($"{{{name.Namespace}}}{name.Name}", element);
    }

    private async Task WriteRowAsync(Utf8JsonWriter json, Collection collection, ObjectRow row, bool isDescribed)
    {
        json.WriteStartObject();
        json.WriteString("file", FileOf(row));
        json.WriteString("name", row.Name);
        json.WriteString("uid", row.Index.Uid);
        json.WriteBoolean("servedOutside", row.Published);
        json.WriteString("created", row.Created.ToString());
        json.WriteString("modified", row.Modified.ToString());
        if (isDescribed)
        {
            json.WriteStartObject("properties");
            await WritePropertiesAsync(json, PropertyTarget.Of(collection, row.Name));
            json.WriteEndObject();
        }

        if (row.Details is { Document.Length: > 0 } details)
        {
            json.WritePropertyName("details");
            json.WriteRawValue(details.Document.Span);
        }

        json.WriteEndObject();
    }

    // a folder is never named like the details of another
    private static string FolderOf(Collection collection) =>
        "calendars/" + (IsSafe(collection.Name) && !collection.Name.EndsWith(".json", StringComparison.Ordinal) ? collection.Name : HashOf(collection.Name));

    private static string FileOf(ObjectRow row) => row.Name.EndsWith(".ics", StringComparison.Ordinal) && IsSafe(row.Name) ? row.Name : HashOf(row.Name) + ".ics";

    // a client's name may be none that every file system takes, or the same but for case
    private static bool IsSafe(string name) =>
        name.Length <= 100 && name[0] != '.' && name.All(character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character is '-' or '_' or '.' or '@');

    // no safe name has the sign: two names are never one file, and nobody has to remember which are taken
    private static string HashOf(string name) => "~" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..32];
}
