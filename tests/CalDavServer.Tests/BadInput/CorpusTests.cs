using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using CalDavServer.Tests.Hosting;
using Xunit;
using static CalDavServer.Tests.Hosting.Xml;

namespace CalDavServer.Tests.BadInput;

/// <summary>Broken calendar objects: each gets its precondition element (RFC 4791 §5.3.2.1) and a sentence that says in plain words what is wrong and in which line.</summary>
public sealed partial class CorpusTests(BadInputServer server) : IClassFixture<BadInputServer>
{
    public static TheoryData<string> Files => [.. Directory.GetFiles(Folder(), "*.txt").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Each_broken_object_is_refused_with_its_precondition_and_a_sentence_with_the_line(string file)
    {
        var faults = new List<string>();
        foreach (var broken in CorpusFile.Read(Path.Combine(Folder(), file + ".txt")))
        {
            var answer = await server.Client.SendBytesAsync("PUT", server.Calendar + "broken.ics", broken.Bytes);
            var sentence = answer.Status == 403 && answer.HasCondition(C + broken.Condition) ? answer.Root.Element(D + "responsedescription")?.Value : null;
            if (sentence != broken.Sentence) faults.Add($"{broken.Name}: {answer.Status} {answer.Text}");
        }

        Assert.Empty(faults);
        Assert.Equal([server.Calendar, server.Kept], (await server.Client.PropFindAsync(server.Calendar, "1", D + "getetag")).Hrefs);
        await server.CheckKeptAsync();
    }

    [Fact]
    public void The_corpus_has_hundreds_of_different_objects_each_with_a_sentence_of_plain_words()
    {
        var corpus = Directory.GetFiles(Folder(), "*.txt").SelectMany(CorpusFile.Read).ToList();
        Assert.InRange(corpus.Count, 300, 1_000);
        Assert.Equal(corpus.Count, corpus.Select(broken => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(broken.Bytes))).Distinct().Count());
        Assert.All(corpus, broken => Assert.Matches(Plain(), broken.Sentence));
        string[] conditions =
        [
            "valid-calendar-data", "valid-calendar-object-resource", "supported-calendar-component", "no-uid-conflict", "max-resource-size", "max-instances",
            "max-attendees-per-instance", "min-date-time", "max-date-time",
        ];
        Assert.Equal(conditions.Order(), corpus.Select(broken => broken.Condition).Distinct().Order());
        Assert.True(corpus.Count(broken => broken.Sentence.StartsWith("Line ", StringComparison.Ordinal)) > corpus.Count - 15);
    }

    // a sentence that ends, without the words of a program
    [GeneratedRegex(@"^(Line \d+: )?(?!.*(Exception|null|\bat\b .*\(|0x|invalid cast))\p{Lu}[\p{L}\d_ ,;:'=.\-+&/()]+\.$", RegexOptions.IgnoreCase)]
    private static partial Regex Plain();

    private static string Folder([CallerFilePath] string path = "") => Path.Combine(Path.GetDirectoryName(path)!, "Corpus");
}
