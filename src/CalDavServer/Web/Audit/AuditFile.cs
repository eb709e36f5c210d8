using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using CsvHelper;
using NodaTime.Text;
using Practice.Audit;

namespace CalDavServer.Web.Audit;

/// <summary>Writes an audit log as CSV or as JSON lines, page by page, oldest line first: whatever its length, little of it is in memory.</summary>
internal sealed class AuditFile(AuditBook audit, AuditView view, Func<string, string?> nameOf)
{
    private const int Page = 500;
    private static readonly string[] Columns =
        ["number", "time", "action", "what", "by", "person", "device", "client", "about", "app_password", "appointment", "occurrence", "digest", "hash"];

    private static readonly CsvWriterOptions Rules = new()
    {
        // spreadsheets take a file for UTF-8 only when it begins with the mark
        WriteByteOrderMark = true,
        // what a spreadsheet would take for a formula is text
        Injection = CsvInjection.Escape,
    };

    public async Task WriteCsvAsync(Stream output, CancellationToken cancelled)
    {
        await using var csv = CsvWriter.Create(output, Rules, leaveOpen: true);
        await csv.WriteRecordAsync(Columns, cancelled);
        await foreach (var line in LinesAsync(cancelled)) await csv.WriteRecordAsync(CellsOf(line), cancelled);
    }

    public async Task WriteJsonLinesAsync(Stream output, CancellationToken cancelled)
    {
        var origin = await audit.OriginAsync(view.Log, view.Owner, cancelled);
        await foreach (var line in LinesAsync(cancelled)) await output.WriteAsync(Json(line, origin), cancelled);
    }

    private async IAsyncEnumerable<AuditLine> LinesAsync([EnumeratorCancellation] CancellationToken cancelled)
    {
        for (var after = 0L; ;)
        {
            var lines = await audit.ListAsync(view.Log, view.Owner, after, Page, view.Subject, cancelled);
            foreach (var line in lines) yield return line;
            if (lines.Count < Page) yield break;
            after = lines[^1].Number;
        }
    }

    private string?[] CellsOf(AuditLine line)
    {
        var entry = line.Entry;
        return
        [
            line.Number.ToString(CultureInfo.InvariantCulture),
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
            Convert.ToHexStringLower(line.Digest.Span),
            Convert.ToHexStringLower(line.Hash.Span),
        ];
    }

    private string? What(AuditLine line) =>
        line.IsErased ? "Erased" : line.Entry is { } entry ? AuditSentence.WhatOf(entry, nameOf) : AuditSentence.OfStatement(line);

    /// <summary>The entry stands in it byte by byte as it was hashed.</summary>
    private static byte[] Json(AuditLine line, ReadOnlyMemory<byte> origin)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("number", line.Number);
            if (line.Number == 1) json.WriteString("origin", Convert.ToHexStringLower(origin.Span));
            if (line.IsErased) json.WriteBoolean("erased", true);
            json.WriteString("digest", Convert.ToHexStringLower(line.Digest.Span));
            json.WriteString("hash", Convert.ToHexStringLower(line.Hash.Span));
            if (line.Entry is not null || AuditSentence.OfStatement(line) is not null)
            {
                json.WritePropertyName("entry");
                json.WriteRawValue(line.Document.Span, skipInputValidation: true);
            }

            json.WriteEndObject();
        }

        return [.. buffer.WrittenSpan, (byte)'\n'];
    }
}
