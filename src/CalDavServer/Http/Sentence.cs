namespace CalDavServer.Http;

/// <summary>Other people's exceptions as one sentence on one line.</summary>
internal static class Sentence
{
    public static string Of(Exception failure)
    {
        var line = failure.Message.AsSpan().Trim();
        if (line.IndexOfAny('\r', '\n') is var end and >= 0) line = line[..end];
        return line.EndsWith(".") ? line.ToString() : $"{line}.";
    }
}
