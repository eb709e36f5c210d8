using System.Text;
using System.Text.RegularExpressions;
using Calendaring.Store;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using Practice.Appointments;
using Practice.Diaries;
using Practice.Feeds;
using Practice.Hx;

namespace Practice.Tests;

/// <summary>
/// docs/rules.md P3, P6: what a level may see is built from what it may see. A history is played twice, and the two differ only in what is hidden from an attacker, who writes as well
/// as reads and guesses from the same few words. All that the attacker is ever shown must be the same both times: then nothing of it depends on what is hidden, neither a text nor
/// that there is one, nor its length, nor its place.
/// </summary>
public sealed partial class Hidden_content_changes_nothing_that_a_lower_level_reads : PracticeFixture
{
    private static readonly string[] Words =
    [
        "CATEGORIES:Work", "CATEGORIES;X-P=\"a:b\":c", "CATEGORIES;X-P=a:b:c", "X-NOTE:one", "X-NOTE:one two", "URL:https://example.com/Brownlow", "COLOR:teal", "LOCATION:Room 9", "DESCRIPTION:one",
        "BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:one\r\nTRIGGER:-PT5M\r\nEND:VALARM", "BEGIN:VALARM\r\nACTION:AUDIO\r\nTRIGGER:-PT9M\r\nEND:VALARM", "X-FOLDED:aaaaaaaa", "X-FOLDED:aaaa\r\n aaaa",
    ];

    [Fact]
    public async Task Whatever_is_hidden_an_attacker_who_writes_reads_the_same()
    {
        var attackers = new HashSet<PrivacyLevel>();
        var (reads, leaks) = (0, 0);
        foreach (var steps in Gen.Choose(0, 999).ListOf(9).Sample(70, 60))
        {
            var attacker = (PrivacyLevel)(steps[0] % 4);
            attackers.Add(attacker);
            var first = await PlayAsync(attacker, [.. steps], world: 1);
            var second = await PlayAsync(attacker, [.. steps], world: 2);
            Assert.Equal(first.Attacker, second.Attacker);
            reads += first.Attacker.Count;
            leaks += first.Whole == second.Whole ? 0 : 1;
        }

        Assert.Equal(4, attackers.Count);
        Assert.True(reads > 500, $"only {reads} readings were compared");
        Assert.True(leaks > 40, $"only in {leaks} histories was anything hidden at the end");
    }

    private async Task<(List<string> Attacker, string Whole)> PlayAsync(PrivacyLevel attacker, int[] steps, int world)
    {
        List<string> transcript = [];
        List<string> ids = ["own"];
        var patient = new Patient("PT-1", attacker == PrivacyLevel.FirstName ? "Jane" : world == 1 ? "Jane" : "Josephine", world == 1 ? "Brownlow" : "Bo", world == 1 ? "0400 555 777" : null);
        if (steps[1] % 2 == 0) ids.Add(await Diary.BookAsync(Weekly with { Patients = [patient], Comments = world == 1 ? "one" : null }));
        else await PutAsync(Event("victim", $"DTSTART;TZID=Australia/Melbourne:20260303T100000\nDURATION:PT45M\nRRULE:FREQ=WEEKLY;COUNT=6\nSUMMARY:{(world == 1 ? "Jane Brownlow" : "x")}\nATTENDEE:mailto:a{world}@example.com"));
        if (ids.Count == 1) ids.Add("victim");
        await PutAsync(Event("own", "DTSTART;TZID=Australia/Melbourne:20260304T100000\nDURATION:PT45M\nSUMMARY:Mine\nURL:https://example.com/%42rownlow\nCATEGORIES:Jané\n" + Words[9].ReplaceLineEndings("\n")), attacker);
        foreach (var step in steps.Skip(2))
        {
            var random = new Random(step);
            var id = ids[random.Next(ids.Count)];
            var word = Words[random.Next(Words.Length)];
            // the location of a patient appointment is shown from Type on
            List<string> secrets = [.. Words.Where(one => attacker == PrivacyLevel.Busy || !one.StartsWith("LOCATION", StringComparison.Ordinal))];
            var hidden = secrets[new Random(step + (1000 * world)).Next(secrets.Count)];
            try
            {
                switch (step % 10)
                {
                    case 0 when await ReadAsync(id) is not null:
                        // it writes both times: that something was written is no secret
                        await ClientEditAsync(id, text => Insert(text, text.Contains(hidden, StringComparison.Ordinal) ? $"X-HIDDEN:{world}" : hidden));
                        break;
                    case 1:
                        await Diary.EditAsync(new AppointmentTarget(ids[1]), new AppointmentEdit { Comments = $"{hidden} {world}" });
                        break;
                    case 2 when (await GetAsync("own")).Kind == AppointmentKind.Personal:
                        await Diary.ConvertToPatientAsync(new AppointmentTarget("own"), [patient], "Initial consultation");
                        break;
                    case 3 when ids.Count < 3:
                        ids.Add("following");
                        await PutAsync(Event("following", $"DTSTART;TZID=Australia/Melbourne:20260325T100000\nDURATION:PT45M\nSUMMARY:Standard consultation · {patient.FullName}\nDESCRIPTION:{hidden.Split('\r')[0]}\nLOCATION:{world}\n{hidden.ReplaceLineEndings("\n")}"));
                        break;
                    case 4 when await ReadAsync(ids[1]) is { } whole && !whole.Contains("RECURRENCE-ID", StringComparison.Ordinal):
                        await PutAsync(WithOverride(whole, hidden));
                        break;
                    default:
                        transcript.Add(await AttackAsync(id, attacker, step % 10, word, random));
                        break;
                }
            }
            catch (DiaryException)
            {
                // what is cancelled cannot be edited: the next step goes on
            }

            transcript.Add(await ReadAllAsync(attacker));
        }

        var all = await ReadAllAsync(PrivacyLevel.FullName);
        using var snapshot = await Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        List<StoreOperation> removals = [];
        await foreach (var row in snapshot.ListRowsAsync(Hx.Id)) removals.Add(new DeleteObject(Hx.Id, row.Name));
        await Store.ApplyAsync(new StoreBatch(removals), TestContext.Current.CancellationToken);
        return (transcript, all);
    }

    /// <summary>What an attacker does, knowing only what it reads; and what it is told of it.</summary>
    private async Task<string> AttackAsync(string id, PrivacyLevel level, int step, string word, Random random)
    {
        if (await ReadAsync(id, level) is not { } text) return "absent";
        var lines = Regex.Matches(text, "(?m)^(X-|CATEGORIES|COLOR|URL|SUMMARY)[^\r]*\r\n(?: [^\r]*\r\n)*").Select(match => match.Value).ToList();
        var edited = step switch
        {
            5 => Insert(text, word),
            6 => Insert(Insert(text, word), string.Join("\r\n", Words.Where(one => one != word && !one.StartsWith("LOCATION", StringComparison.Ordinal) && !one.StartsWith("DESCRIPTION", StringComparison.Ordinal)))),
            7 when lines.Count > 0 => text.Replace(lines[random.Next(lines.Count)], "", StringComparison.Ordinal),
            8 when !text.Contains("RECURRENCE-ID", StringComparison.Ordinal) && text.Contains("RRULE", StringComparison.Ordinal) => WithOverride(text, word),
            _ => Regex.Replace(text, "BEGIN:VALARM.*?END:VALARM\r\n", "", RegexOptions.Singleline),
        };
        return await PutAsync(edited, level) is HxAccepted accepted ? $"taken {accepted.StoredAsSent}" : "refused";
    }

    private static string Insert(string text, string word) => text.Insert(text.IndexOf("END:VEVENT", StringComparison.Ordinal), word + "\r\n");

    private static string WithOverride(string text, string word)
    {
        var master = Regex.Match(text, "BEGIN:VEVENT.*?END:VEVENT\r\n", RegexOptions.Singleline).Value;
        var single = Regex.Replace(master, "(RRULE|DTSTART|DTEND|DURATION)[^\r]*\r\n", "")
            .Replace("END:VEVENT", $"RECURRENCE-ID;TZID=Australia/Melbourne:20260310T100000\r\nDTSTART;TZID=Australia/Melbourne:20260310T110000\r\nDTEND;TZID=Australia/Melbourne:20260310T114500\r\n{word}\r\nEND:VEVENT", StringComparison.Ordinal);
        return text.Replace("END:VCALENDAR", single + "END:VCALENDAR", StringComparison.Ordinal);
    }

    private async Task<string> ReadAllAsync(PrivacyLevel level)
    {
        List<string> texts = [];
        using var snapshot = await Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        await foreach (var row in snapshot.ListRowsAsync(Hx.Id))
        {
            var stored = (await snapshot.FindObjectAsync(Hx.Id, row.Name))!;
            if (row.Published) texts.Add(Encoding.UTF8.GetString(HxCalendar.Represent(stored, level).Span));
            if (!FeedCalendar.Shows(row)) continue;
            var bytes = new System.Buffers.ArrayBufferWriter<byte>();
            new FeedCalendar(Hx, Melbourne, level, new LocalDateTime(2026, 1, 1, 0, 0)).Write(stored, bytes);
            texts.Add(Encoding.UTF8.GetString(bytes.WrittenSpan));
        }

        return string.Join("\n", texts.Select(text => Guids().Replace(text, "guid")).Order(StringComparer.Ordinal));
    }

    [GeneratedRegex("[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}")]
    private static partial Regex Guids();
}
