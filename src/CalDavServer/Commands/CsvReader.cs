using CsvHelper;

namespace CalDavServer.Commands;

/// <summary>Reads comma-separated values (RFC 4180), with the line of the file that each record begins at.</summary>
internal static class CsvReader
{
    private static readonly CsvReaderOptions Rules = new()
    {
        Separator = ',',
        HasHeader = false,
        MalformedData = CsvMalformedDataHandling.Throw,
        TrackLineNumbers = true,
        // an app password may stand in the field
        IncludeValuesInExceptions = false,
    };

    /// <summary>The records with the line each begins at, from 1. Empty lines are skipped.</summary>
    /// <exception cref="FormatException">A quote is not closed, or closed amid a field; the message names the line.</exception>
    public static IEnumerable<(int Line, IReadOnlyList<string> Fields)> Read(string text)
    {
        using var reader = CsvHelper.CsvReader.FromText(text.TrimStart('\ufeff'), Rules);
        while (Next(reader)) yield return ((int)reader.LineNumber, [.. Enumerable.Range(0, reader.FieldCount).Select(at => reader[at].ToString())]);
    }

    private static bool Next(CsvHelper.CsvReader reader)
    {
        try
        {
            return reader.Read();
        }
        catch (CsvFormatException wrong)
        {
            throw new FormatException($"Line {wrong.LineNumber}: a quote is not closed, or is in the middle of a field.", wrong);
        }
    }
}
