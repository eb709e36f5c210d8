using System.Globalization;
using System.Text;
using System.Text.Json;
using Calendaring.Store;
using NodaTime.Text;
using Practice.Audit;

namespace CalDavServer.Web.Audit;

/// <summary>Writes an audit log as CSV or as JSON lines, page by page, oldest line first: whatever its length, little of it is in memory.</summary>
internal sealed class AuditFile(ICalendarStore store, AuditView view, Func<string, string?> nameOf)
{
    private const int Page = 500;
    private const string Header = "number,time,action,what,by,person,device,client,about,app_password,appointment,occurrence,digest,hash\r\n";
    private ReadOnlyMemory<byte> _origin;

    public async Task WriteCsvAsync(Stream output, CancellationToken cancelled)
    {
        // spreadsheets take a file for UTF-8 only when it begins like this
        await output.WriteAsync(Encoding.UTF8.GetBytes("\uFEFF" + Header), cancelled);
        await WriteAsync(output, line => Encoding.UTF8.GetBytes(Row(line)), cancelled);
    }

    public Task WriteJsonLinesAsync(Stream output, CancellationToken cancelled) => WriteAsync(output, Json, cancelled);

    private async Task WriteAsync(Stream output, Func<AuditLine, byte[]> write, CancellationToken cancelled)
    {
        using (var snapshot = await store.OpenSnapshotAsync(cancelled))
            _origin = (await snapshot.ListLogsAsync()).FirstOrDefault(head => head.Log == view.Log && head.Owner == view.Owner)?.Origin ?? default;
        for (var after = 0L; ;)
        {
            IReadOnlyList<AuditLine> lines;
            using (var snapshot = await store.OpenSnapshotAsync(cancelled))
                lines = await AuditLine.ListAsync(snapshot, view.Log, view.Owner, after, Page, view.Subject);
            foreach (var line in lines) await output.WriteAsync(write(line), cancelled);
            if (lines.Count < Page) return;
            after = lines[^1].Stored.Number;
        }
    }

    private string Row(AuditLine line)
    {
        var entry = line.Entry;
        string?[] cells =
        [
            line.Stored.Number.ToString(CultureInfo.InvariantCulture),
            entry is null ? null : InstantPattern.General.Format(entry.At),
            entry?.Action.ToString(),
            What(line),
            entry?.Who,
            entry?.PersonId,
            entry?.Device,
            entry?.Client,
            entry?.About,
            entry?.AppPassword,
            entry?.AppointmentId,
            entry?.Occurrence is { } occurrence ? LocalDateTimePattern.GeneralIso.Format(occurrence) : null,
            Convert.ToHexStringLower(line.Stored.Digest.Span),
            Convert.ToHexStringLower(line.Stored.Hash.Span),
        ];
        return string.Join(',', cells.Select(Cell)) + "\r\n";
    }

    private string? What(AuditLine line) =>
        line.Stored.Erased ? "Erased" : line.Entry is { } entry ? AuditSentence.WhatOf(entry, nameOf) : line.Statement is { } statement ? AuditSentence.Of(statement) : null;

    /// <summary>A cell that a spreadsheet would take for a formula is text (RFC 4180 has no word for that).</summary>
    private static string Cell(string? text)
    {
        if (string.IsNullOrEmpty(text)) return "";
        if (text[0] is '=' or '+' or '-' or '@' or '\t' or '\r') text = "'" + text;
        return text.AsSpan().IndexOfAny("\",\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    /// <summary>The entry stands in it byte by byte as it was hashed.</summary>
    private byte[] Json(AuditLine line)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("number", line.Stored.Number);
            if (line.Stored.Number == 1) json.WriteString("origin", Convert.ToHexStringLower(_origin.Span));
            if (line.Stored.Erased) json.WriteBoolean("erased", true);
            json.WriteString("digest", Convert.ToHexStringLower(line.Stored.Digest.Span));
            json.WriteString("hash", Convert.ToHexStringLower(line.Stored.Hash.Span));
            if (line.Entry is not null || line.Statement is not null)
            {
                json.WritePropertyName("entry");
                json.WriteRawValue(line.Stored.Document.Span, skipInputValidation: true);
            }

            json.WriteEndObject();
        }

        return [.. buffer.WrittenSpan, (byte)'\n'];
    }
}
