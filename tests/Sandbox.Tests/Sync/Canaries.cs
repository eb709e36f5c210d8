using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Calendaring.Store;
using Practice;
using Practice.Appointments;

namespace Sandbox.Tests.Sync;

/// <summary>Words that occur nowhere else, and what may be sent of them: decided by the appointments in which they are, as they are stored, and by nothing that the product says of them.</summary>
internal sealed partial class Canaries(Random random, string linkId)
{
    private readonly Dictionary<string, Word> _words = new(StringComparer.Ordinal);

    /// <summary>A word.</summary>
    /// <param name="from">From which level on it may be sent; null for never.</param>
    /// <param name="withPatient">From which level on when what it is in has become a patient's.</param>
    public string Next(PrivacyLevel? from, PrivacyLevel? withPatient = null)
    {
        var word = $"q{random.NextInt64():x16}z";
        _words[word] = new Word(from, withPatient ?? from);
        return word;
    }

    public Patient Patient() => new(Next(null), Next(PrivacyLevel.FirstName), Next(PrivacyLevel.FullName), Next(PrivacyLevel.FullName));

    /// <summary>What may not be sent now. Of what is in no appointment any more it stays as it was.</summary>
    public IReadOnlySet<string> Hidden(IReadOnlyList<StoredObject> all, PrivacyLevel level)
    {
        HashSet<string> there = [], open = [];
        foreach (var stored in all)
        {
            var text = Unfolded(Encoding.UTF8.GetString(stored.Bytes.Span));
            var details = JsonNode.Parse(stored.Row.Details is { Document: { Length: > 0 } document } ? Encoding.UTF8.GetString(document.Span) : "{}")!;
            var isPatient = stored.Row.Details?.Kind == (int)AppointmentKind.Patient;
            var isHidden = !isPatient && Private().IsMatch(text) && (string?)details["originId"] != linkId && (string?)details["madePrivateBy"] != linkId;
            foreach (var word in Canary().Matches(text).Select(match => match.Value).Where(_words.ContainsKey))
            {
                there.Add(word);
                if (!isHidden && (isPatient ? _words[word].WithPatient : _words[word].From) <= level) open.Add(word);
            }
        }

        foreach (var word in there) _words[word].IsHidden = !open.Contains(word);
        return _words.Where(word => word.Value.IsHidden).Select(word => word.Key).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Which of some words are in a request: as it is, unfolded, without escapes, and in what reads as base64.</summary>
    public static IReadOnlyList<string> Find(string request, IReadOnlySet<string> words)
    {
        List<string> texts = [request, Uri.UnescapeDataString(request), WebUtility.UrlDecode(request), WebUtility.HtmlDecode(request), Unfolded(request), Escape().Replace(request, match => $"{(char)Convert.ToInt32(match.Groups[1].Value, 16)}")];
        foreach (var run in Base64().Matches(Uri.UnescapeDataString(request)).Select(match => match.Value.Replace('-', '+').Replace('_', '/').TrimEnd('=')))
        {
            var whole = run[..(run.Length - (run.Length % 4 == 1 ? 1 : 0))];
            texts.Add(Encoding.UTF8.GetString(Convert.FromBase64String(whole.PadRight((whole.Length + 3) / 4 * 4, '='))));
        }

        return [.. texts.SelectMany(text => Canary().Matches(text)).Select(match => match.Value.ToLowerInvariant()).Distinct().Where(words.Contains)];
    }

    private static string Unfolded(string text) => Fold().Replace(text, "");

    [GeneratedRegex("q[0-9a-f]{16}z", RegexOptions.IgnoreCase)]
    private static partial Regex Canary();

    [GeneratedRegex("^CLASS:(?!PUBLIC)", RegexOptions.Multiline)]
    private static partial Regex Private();

    [GeneratedRegex("\\r?\\n[ \\t]")]
    private static partial Regex Fold();

    [GeneratedRegex(@"\\u([0-9a-fA-F]{4})")]
    private static partial Regex Escape();

    [GeneratedRegex("[A-Za-z0-9+/_-]{16,}={0,2}")]
    private static partial Regex Base64();

    private sealed class Word(PrivacyLevel? from, PrivacyLevel? withPatient)
    {
        public PrivacyLevel From { get; } = from ?? Never;

        public PrivacyLevel WithPatient { get; } = withPatient ?? Never;

        public bool IsHidden { get; set; } = true;

        private static PrivacyLevel Never => (PrivacyLevel)99;
    }
}
