using System.Text;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using Practice.Appointments;
using Practice.Diaries;
using Practice.Feeds;
using Practice.Hx;

namespace Practice.Tests;

/// <summary>docs/rules.md P1 to P4.</summary>
public sealed class Privacy_levels_decide_what_leaves : PracticeFixture
{
    [Theory]
    [InlineData(PrivacyLevel.Busy, "Busy", false)]
    [InlineData(PrivacyLevel.Type, "Standard consultation", true)]
    [InlineData(PrivacyLevel.Initials, "Standard consultation · JB, ÉM", true)]
    [InlineData(PrivacyLevel.FirstName, "Standard consultation · Jane, Élodie", true)]
    [InlineData(PrivacyLevel.FullName, "Standard consultation · Jane Brownlow, Élodie Marie Montrose", true)]
    public async Task Each_level_has_its_summary(PrivacyLevel level, string summary, bool location)
    {
        var id = await Diary.BookAsync(Session with { Patients = [Jane, new Patient("PT-2", "Élodie Marie", "Montrose")] });
        var text = Unfold((await ReadAsync(id, level))!);
        Assert.Contains($"\nSUMMARY:{summary.Replace(",", "\\,", StringComparison.Ordinal)}\n", text, StringComparison.Ordinal);
        Assert.Equal(location, text.Contains("LOCATION:Room 2", StringComparison.Ordinal));
        Assert.Equal(level == PrivacyLevel.FullName, text.Contains("DESCRIPTION", StringComparison.Ordinal));
        Assert.Equal(level == PrivacyLevel.FullName, text.Contains("0400 555 777", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_ETag_belongs_to_a_representation_and_says_nothing_of_hidden_content()
    {
        var id = await Diary.BookAsync(Session);
        var row = (await FindAsync(id))!.Row;
        var tags = Enum.GetValues<PrivacyLevel>().Select(level => HxCalendar.ETagOf(row, level)).ToList();
        Assert.Equal(5, tags.Distinct().Count());
        Assert.Equal(row.ETag, tags[4]);
        Assert.All(tags.Take(4), tag => Assert.DoesNotContain(row.ETag[..8], tag, StringComparison.Ordinal));
        await Diary.EditAsync(new AppointmentTarget(id), new AppointmentEdit { Comments = "changed" });
        var after = (await FindAsync(id))!.Row;
        Assert.Empty(tags.Intersect(Enum.GetValues<PrivacyLevel>().Select(level => HxCalendar.ETagOf(after, level))));
    }

    [Fact]
    public async Task A_personal_appointment_is_the_same_at_every_level()
    {
        var id = await Diary.AddPersonalAsync(new PersonalEntry("Dentist", new LocalDateTime(2026, 3, 4, 9, 0), Duration.FromHours(1)) { Comments = "upper left" });
        var row = (await FindAsync(id))!.Row;
        Assert.Single(Enum.GetValues<PrivacyLevel>().Select(level => HxCalendar.ETagOf(row, level)).Distinct());
        Assert.Equal(await ReadAsync(id), await ReadAsync(id, PrivacyLevel.Busy));
    }

    /// <summary>
    /// Random appointments with random histories: booked or converted, edited in the diary and by clients of every level with additions of their own, in any parameter
    /// and property, moved, cancelled, restored, split. At the end no level reads a byte of what it may not.
    /// </summary>
    [Fact]
    public async Task No_byte_of_a_hidden_field_leaves_below_its_level()
    {
        var histories = Gen.Choose(0, 9).ListOf(8).Sample(60, 8).ToList();
        var checkedReads = 0;
        for (var number = 0; number < histories.Count; number++) checkedReads += await PlayAsync(number, histories[number]);
        Assert.True(checkedReads > 150, $"only {checkedReads} representations were checked");
    }

    private async Task<int> PlayAsync(int number, IEnumerable<int> history)
    {
        var random = new Random(number);
        var secrets = new Secrets(random);
        var id = await secrets.MakeAsync(this, number % 4 == 0);
        foreach (var step in history)
        {
            try
            {
                await StepAsync(id, step, secrets, random);
            }
            catch (DiaryException)
            {
                // what is cancelled cannot be edited: the next step goes on
            }
        }

        var reads = 0;
        foreach (var appointment in (await ListAsync()).Select(appointment => appointment.Id).Distinct())
        {
            var stored = (await FindAsync(appointment))!;
            foreach (var level in Enum.GetValues<PrivacyLevel>())
            {
                var text = Unfold(Encoding.UTF8.GetString(HxCalendar.Represent(stored, level).Span));
                var feed = Unfold(FeedOf(stored, level));
                foreach (var secret in secrets.HiddenAt(level))
                {
                    Assert.DoesNotContain(secret, text, StringComparison.OrdinalIgnoreCase);
                    Assert.DoesNotContain(secret, feed, StringComparison.OrdinalIgnoreCase);
                }

                reads++;
            }

            await Store.ApplyAsync(Calendaring.Store.StoreBatch.Of(new Calendaring.Store.DeleteObject(Hx.Id, stored.Row.Name)), TestContext.Current.CancellationToken);
        }

        return reads;
    }

    private async Task StepAsync(string id, int step, Secrets secrets, Random random)
    {
        var level = (PrivacyLevel)random.Next(5);
        var week = random.Next(6);
        switch (step)
        {
            case 0:
                await Diary.EditAsync(new AppointmentTarget(id), new AppointmentEdit { Comments = secrets.Next(PrivacyLevel.FullName) });
                break;
            case 1:
                await Diary.EditAsync(new AppointmentTarget(id, Week(week)), new AppointmentEdit { Comments = secrets.Next(PrivacyLevel.FullName), Start = Week(week).PlusHours(1) }, SeriesScope.ThisOne);
                break;
            case 2:
                await Diary.EditAsync(new AppointmentTarget(id), new AppointmentEdit { Patients = [secrets.Patient()] });
                break;
            case 3:
                await Diary.CancelAsync(new AppointmentTarget(id, Week(week)), CancelChoice.Cancel, SeriesScope.ThisOne);
                break;
            case 4:
                await Diary.RestoreAsync(new AppointmentTarget(id, Week(week)));
                break;
            case 5 when await ReadAsync(id, level) is not null:
                await RemoveAsync(id, level);
                break;
            case 6:
                await Diary.EditAsync(new AppointmentTarget(id, Week(week)), new AppointmentEdit { Type = "Follow-up" }, SeriesScope.ThisAndFollowing);
                break;
            case >= 7 when await ReadAsync(id, level) is not null:
                await ClientEditAsync(id, text => secrets.Add(text, level, random.Next(9)), level);
                break;
        }
    }

    /// <summary>What a one-way feed shows of an appointment (R12).</summary>
    private string FeedOf(Calendaring.Store.StoredObject stored, PrivacyLevel level)
    {
        var bytes = new System.Buffers.ArrayBufferWriter<byte>();
        var feed = new FeedCalendar(Hx, Melbourne, level, new LocalDateTime(2026, 1, 1, 0, 0));
        feed.WriteStart(bytes);
        feed.Write(stored, bytes);
        FeedCalendar.WriteEnd(bytes);
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    private static string Unfold(string text) => text.Replace("\r\n ", "", StringComparison.Ordinal).ReplaceLineEndings("\n");

    /// <summary>Words that occur nowhere else, and from which level on each may be seen.</summary>
    private sealed class Secrets(Random random)
    {
        private readonly List<(string Word, PrivacyLevel From)> _words = [];

        public IEnumerable<string> HiddenAt(PrivacyLevel level) => _words.Where(word => word.From > level).Select(word => word.Word);

        public string Next(PrivacyLevel from)
        {
            var word = $"q{random.NextInt64():x}z";
            _words.Add((word, from));
            return word;
        }

        public Patient Patient() => new(Next(PrivacyLevel.FullName), Next(PrivacyLevel.FirstName), Next(PrivacyLevel.FullName), Next(PrivacyLevel.FullName));

        public async Task<string> MakeAsync(Privacy_levels_decide_what_leaves test, bool converted)
        {
            if (!converted) return await test.Diary.BookAsync(Weekly with { Patients = [Patient(), Patient()], Comments = Next(PrivacyLevel.FullName) });
            var id = $"{random.NextInt64():x}";
            var title = Next(PrivacyLevel.FullName);
            var lines = $"DTSTART;X-P={Next(PrivacyLevel.FullName)};TZID=Australia/Melbourne:20260303T100000\nDTEND;TZID=Australia/Melbourne:20260303T104500\nRRULE:FREQ=WEEKLY;COUNT=6\n"
                + $"SUMMARY:{title}\nDESCRIPTION:{Next(PrivacyLevel.FullName)}\nX-ALT-DESC:{Next(PrivacyLevel.FullName)}\nATTENDEE;CN={Next(PrivacyLevel.FullName)}:mailto:{Next(PrivacyLevel.FullName)}@example.com\n"
                + $"X-OWN:{Next(PrivacyLevel.FullName)}\nBEGIN:VALARM\nACTION:DISPLAY\nDESCRIPTION:About {title}\nTRIGGER:-PT5M\nEND:VALARM";
            await test.PutAsync(Event(id, lines), PrivacyLevel.Initials);
            await test.Diary.ConvertToPatientAsync(new AppointmentTarget(id), [Patient()], "Initial consultation");
            return id;
        }

        /// <summary>What a client at a level writes may be seen from that level on; comments and attendees at full name only, or not at all.</summary>
        public string Add(string text, PrivacyLevel level, int where)
        {
            if (where == 8) return text.Replace("LOCATION:Room 2", $"LOCATION;X-P={Next(PrivacyLevel.FullName)}:Room 3", StringComparison.Ordinal) + "\r\n";
            var last = text.LastIndexOf("END:VEVENT", StringComparison.Ordinal);
            var addition = where switch
            {
                0 => $"X-NOTE:{Next(level)}\r\n",
                1 => $"CATEGORIES;X-P={Next(level)}:{Next(level)}\r\n",
                2 => $"BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:{Next(level)}\r\nTRIGGER:-PT{random.Next(50)}M\r\nEND:VALARM\r\n",
                3 => $"ATTENDEE;CN={Next(PrivacyLevel.FullName)}:mailto:{Next(PrivacyLevel.FullName)}@example.com\r\n",
                4 => $"COMMENT:{Next(PrivacyLevel.FullName)}\r\nX-ALT-DESC;FMTTYPE=text/html:{Next(PrivacyLevel.FullName)}\r\n",
                5 => $"URL:https://example.com/{Next(level)}\r\nATTACH:https://example.com/{Next(level)}\r\n",
                6 => $"CONTACT:{Next(PrivacyLevel.FullName)}\r\n",
                _ => $"X-LONG:{new string('a', 70)}{Next(level)}\r\n",
            };
            return text.Insert(last, addition);
        }
    }

    [Fact]
    public async Task P3_A_time_zone_does_not_carry_a_name_below_its_level()
    {
        const string rules = "BEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+1000\nTZOFFSETTO:+1000\nEND:STANDARD\nEND:VTIMEZONE\n";
        var text = Event("zoned", "DTSTART;TZID=Jane Brownlow:20260304T100000\nDTEND;TZID=Jane Brownlow:20260304T110000\nEXDATE;TZID=Jane Brownlow:20260311T100000\nRRULE:FREQ=WEEKLY;COUNT=3\nSUMMARY:x")
            .Replace("BEGIN:VEVENT", ("BEGIN:VTIMEZONE\nTZID:Jane Brownlow\n" + rules + "BEGIN:VTIMEZONE\nTZID:Brownlow unused\n" + rules + "BEGIN:VEVENT").ReplaceLineEndings("\r\n"), StringComparison.Ordinal);
        Assert.IsType<HxAccepted>(await PutAsync(text, PrivacyLevel.FullName));
        var shown = (await ReadAsync("zoned", PrivacyLevel.Busy))!;
        Assert.DoesNotContain("Brownlow", shown, StringComparison.Ordinal);
        Assert.Contains("DTSTART;TZID=Zone-1:20260304T100000\r\n", shown, StringComparison.Ordinal);
        Assert.Contains("TZID:Zone-1\r\n", shown, StringComparison.Ordinal);
        Assert.Contains("Jane Brownlow", await ReadAsync("zoned"), StringComparison.Ordinal);

        // a move at that level is a move, and nothing else
        Assert.IsType<HxAccepted>(await PutAsync(shown.Replace("DTSTART;TZID=Zone-1:20260304T100000", "DTSTART;TZID=Zone-1:20260304T103000", StringComparison.Ordinal), PrivacyLevel.Busy));
        Assert.Equal(new LocalDateTime(2026, 3, 4, 11, 30), (await GetAsync("zoned", null)).Start.LocalDateTime);
    }
}
