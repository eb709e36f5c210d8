using System.Security.Cryptography;
using CalDavServer.Background.Anchors;
using CalDavServer.Http;
using CalDavServer.Options;
using Calendaring.Store;

namespace CalDavServer.Commands;

/// <summary>Hashes that were kept elsewhere, each of which must be found in one of the logs.</summary>
internal sealed class AuditExpectation
{
    private readonly Dictionary<string, string> _missing = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, long> _numbers = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _forged = [];

    /// <exception cref="CommandFailure">One is no hash.</exception>
    public AuditExpectation(IEnumerable<string> hashes)
    {
        foreach (var hash in hashes.Select(text => text.Trim()))
        {
            if (hash.Length != LogLine.HashSize * 2 || !hash.All(char.IsAsciiHexDigit)) throw new CommandFailure($"'{hash}' is not a hash: give the 64 digits that verify printed.");
            _missing[hash] = $"No log has a line with the hash {hash}: what was there before it was changed or is missing.";
        }
    }

    /// <summary>What was not found, in sentences.</summary>
    public IEnumerable<string> Faults => [.. _forged, .. _missing.Values];

    /// <summary>Takes the anchors of a file along; lines that are none, as an e-mail has, are passed over.</summary>
    /// <exception cref="CommandFailure">The file cannot be read, or has none.</exception>
    public async Task AddAnchorsAsync(string file, string keys, CancellationToken cancelled)
    {
        string[] lines;
        try
        {
            lines = await File.ReadAllLinesAsync(file, cancelled);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure($"The file cannot be read: {Sentence.Of(failure)}");
        }

        using var key = AnchorKey.Open(keys);
        if (!lines.Select((line, at) => Add(line, at + 1, file, key)).ToList().Contains(true)) throw new CommandFailure($"There are no anchors in {file}.");
    }

    /// <summary>Looks whether a line is one that is expected.</summary>
    public void See(LogLine line)
    {
        var hash = Convert.ToHexStringLower(line.Hash.Span);
        if (!_numbers.TryGetValue(hash, out var number) || number == line.Number) _missing.Remove(hash);
    }

    private bool Add(string text, int at, string file, ECDsa key)
    {
        if (!text.TrimStart().StartsWith('{')) return false;
        if (Anchor.Parse(text) is not { } anchor || !anchor.IsSignedBy(key))
        {
            _forged.Add($"Line {at} of {file} is not an anchor that this server signed.");
            return true;
        }

        _numbers[anchor.Hash] = anchor.Number;
        _missing[anchor.Hash] = $"The anchor of {anchor.At} (line {anchor.Number}) is in no log: what was there before it was changed or is missing.";
        return true;
    }
}
