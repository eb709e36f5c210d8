using Xunit;

namespace CalDavServer.Tests.Reports;

/// <summary>prop-filter, param-filter and text-match (RFC 4791 §9.7), with the attributes of RFC 6352 §10.5.</summary>
public sealed class TextFilterTests : ReportTest
{
    private const string Times = "DTSTART:20260601T090000Z";

    private static string Summary(string text, string attributes = "") => $"<C:prop-filter name=\"SUMMARY\"><C:text-match{attributes}>{text}</C:text-match></C:prop-filter>";

    [Theory]
    [InlineData("meeting", "", true)]
    [InlineData("MEET", " collation=\"i;ascii-casemap\"", true)]
    [InlineData("MEET", " collation=\"i;octet\"", false)]
    [InlineData("Meet", " collation=\"i;octet\"", true)]
    [InlineData("ÉTÉ", "", false)]
    [InlineData("éTé", "", true)]
    [InlineData("ÉTÉ", " collation=\"i;unicode-casemap\"", true)]
    [InlineData("E\u0301te\u0301", " collation=\"i;unicode-casemap\"", true)]
    [InlineData("ete", " collation=\"i;unicode-casemap\"", false)]
    // RFC 5051: the ligature has no title case and is decomposed into small letters, which the letters of "office" become no more
    [InlineData("OﬃCE", " collation=\"i;unicode-casemap\"", true)]
    [InlineData("ﬃ", " collation=\"i;unicode-casemap\"", true)]
    [InlineData("office", " collation=\"i;unicode-casemap\"", false)]
    [InlineData("office", " collation=\"i;octet\"", false)]
    [InlineData("meeting", " collation=\"default\"", true)]
    [InlineData("meeting", " negate-condition=\"yes\"", false)]
    [InlineData("other", " negate-condition=\"yes\"", true)]
    [InlineData("été", " match-type=\"ends-with\"", false)]
    [InlineData("room, 2", " match-type=\"ends-with\"", true)]
    [InlineData("Meeting", " match-type=\"starts-with\"", true)]
    [InlineData("Meeting", " match-type=\"equals\"", false)]
    [InlineData("meeting été oﬃce room, 2", " match-type=\"equals\"", true)]
    [InlineData("", "", true)]
    public async Task Text_is_compared_as_the_collation_says(string text, string attributes, bool expected)
    {
        await PutAsync("a", "VEVENT", Times, "SUMMARY:Meeting été oﬃce room\\, 2");
        Assert.Equal(expected ? "a" : "", await FindAsync("VEVENT", Summary(text, attributes)));
    }

    /// <summary>RFC 5051 §2: title case of each code point, then its decomposition.</summary>
    private static readonly (string Value, string Text, bool Equal)[] UnicodeCases =
    [
        ("Straße", "STRASSE", false),
        ("Straße", "STRAßE", true),
        ("ΌΔΟΣ", "όδος", true),
        ("ΌΔΟΣ", "όδοσ", true),
        ("ОБЕД", "обед", true),
        ("ǆ", "Ǆ", true),
        ("ǆ", "ǅ", true),
        ("ǆ", "Dž", false),
        ("ǲ", "ǳ", true),
        ("ÿ", "\u0178", true),
        ("ÿ", "Y\u0308", true),
        ("ŸES", "y\u0308es", true),
        ("a\u0323\u0307", "ạ\u0307", true),
        ("㎏", "kg", false),
        ("ﾊ", "ハ", true),
        ("Ⅷ", "ⅷ", true),
        ("Ⅷ", "VIII", true),
        ("𐐀", "𐐨", true),
        ("ｅｎｄ", "END", true),
        ("가", "\u1100\u1161", true),
        ("ı", "I", true),
        ("ſ", "s", true),
        ("მ", "მ", true),
        ("μ", "µ", true),
    ];

    [Fact]
    public async Task Unicode_casemap_compares_title_case_and_decomposition()
    {
        for (var i = 0; i < UnicodeCases.Length; i++) await PutAsync($"{i}", "VEVENT", Times, $"SUMMARY:{UnicodeCases[i].Value}");
        for (var i = 0; i < UnicodeCases.Length; i++)
        {
            var (value, text, equal) = UnicodeCases[i];
            var found = await FindAsync("VEVENT", Summary(text, " collation=\"i;unicode-casemap\" match-type=\"equals\""));
            var others = await FindAsync("VEVENT", Summary(text, " collation=\"i;unicode-casemap\" match-type=\"equals\" negate-condition=\"yes\""));
            Assert.True(found.Split(' ').Contains($"{i}") == equal, $"{value} {text}: {found}");
            Assert.True(others.Split(' ').Contains($"{i}") != equal, $"{value} {text}: {others}");
        }
    }

    [Theory]
    [InlineData("i;basic")]
    [InlineData("")]
    [InlineData("i;*")]
    public async Task A_collation_that_is_not_offered_is_refused(string collation)
    {
        var answer = await QueryAsync($"<C:comp-filter name=\"VCALENDAR\"><C:comp-filter name=\"VEVENT\">{Summary("x", $" collation=\"{collation}\"")}</C:comp-filter></C:comp-filter>");
        Assert.Equal(403, answer.Status);
        Assert.True(answer.HasCondition(Condition("supported-collation")), answer.Text);
    }

    [Fact]
    public async Task Properties_and_parameters_can_be_asked_to_be_absent()
    {
        await PutAsync("plain", "VEVENT", Times, "LOCATION:Here");
        await PutAsync("altrep", "VEVENT", Times, "LOCATION;LANGUAGE=de:Hier");
        await PutAsync("none", "VEVENT", Times);
        Assert.Equal("none", await FindAsync("VEVENT", "<C:prop-filter name=\"LOCATION\"><C:is-not-defined/></C:prop-filter>"));
        Assert.Equal("altrep plain", await FindAsync("VEVENT", "<C:prop-filter name=\"location\"/>"));
        Assert.Equal("plain", await FindAsync("VEVENT", "<C:prop-filter name=\"LOCATION\"><C:param-filter name=\"LANGUAGE\"><C:is-not-defined/></C:param-filter></C:prop-filter>"));
        Assert.Equal("altrep", await FindAsync("VEVENT", "<C:prop-filter name=\"LOCATION\"><C:param-filter name=\"LANGUAGE\"/></C:prop-filter>"));
        Assert.Equal("altrep", await FindAsync("VEVENT", "<C:prop-filter name=\"LOCATION\"><C:param-filter name=\"LANGUAGE\"><C:text-match>D</C:text-match></C:param-filter></C:prop-filter>"));
        Assert.Equal("", await FindAsync("VEVENT", "<C:prop-filter name=\"LOCATION\"><C:param-filter name=\"LANGUAGE\"><C:text-match negate-condition=\"yes\">D</C:text-match></C:param-filter></C:prop-filter>"));
    }

    [Fact]
    public async Task Properties_and_parameters_that_nobody_knows_can_be_asked_for()
    {
        await PutAsync("odd", "VEVENT", Times, "X-MOOD;X-SHADE=\"light; blue\",dark:good\\, mostly", "ATTENDEE;X-SEAT=4:mailto:a@example.com");
        await PutAsync("plain", "VEVENT", Times, "ATTENDEE:mailto:a@example.com");
        string Text(string text) => $"<C:text-match collation=\"i;octet\">{text}</C:text-match>";
        Assert.Equal("odd", await FindAsync("VEVENT", $"<C:prop-filter name=\"x-mood\">{Text("good, m")}</C:prop-filter>"));
        Assert.Equal("plain", await FindAsync("VEVENT", "<C:prop-filter name=\"X-MOOD\"><C:is-not-defined/></C:prop-filter>"));
        Assert.Equal("odd", await FindAsync("VEVENT", "<C:prop-filter name=\"ATTENDEE\"><C:param-filter name=\"X-SEAT\"/></C:prop-filter>"));
        // one of several values is enough, and none of them may be there with negate-condition
        foreach (var value in new[] { "light; blue", "dark" })
        {
            Assert.Equal("odd", await FindAsync("VEVENT", $"<C:prop-filter name=\"X-MOOD\"><C:param-filter name=\"x-shade\">{Text(value)}</C:param-filter></C:prop-filter>"));
            Assert.Equal("", await FindAsync("VEVENT", $"<C:prop-filter name=\"X-MOOD\"><C:param-filter name=\"X-SHADE\">{Text(value).Replace("collation", "negate-condition=\"yes\" collation", StringComparison.Ordinal)}</C:param-filter></C:prop-filter>"));
        }
    }

    [Fact]
    public async Task Each_value_of_a_list_is_compared_when_the_whole_is_asked_for()
    {
        await PutAsync("a", "VEVENT", Times, "CATEGORIES:Work,Travel\\, far");
        await PutAsync("b", "VEVENT", Times, "CATEGORIES:Homework", "CATEGORIES:Travel");
        string Equal(string text) => $"<C:prop-filter name=\"CATEGORIES\"><C:text-match match-type=\"equals\">{text}</C:text-match></C:prop-filter>";
        Assert.Equal("a", await FindAsync("VEVENT", Equal("work")));
        Assert.Equal("a", await FindAsync("VEVENT", Equal("travel, far")));
        Assert.Equal("b", await FindAsync("VEVENT", Equal("travel")));
        Assert.Equal("a b", await FindAsync("VEVENT", "<C:prop-filter name=\"CATEGORIES\"><C:text-match>work</C:text-match></C:prop-filter>"));
    }

    [Fact]
    public async Task Conditions_are_all_asked_for_unless_the_test_says_any()
    {
        await PutAsync("both", "VEVENT", Times, "SUMMARY:red", "LOCATION:north");
        await PutAsync("red", "VEVENT", Times, "SUMMARY:red");
        await PutAsync("north", "VEVENT", Times, "LOCATION:north");
        await PutAsync("none", "VEVENT", Times);
        string Query(string test) => $"<C:comp-filter name=\"VCALENDAR\"><C:comp-filter name=\"VEVENT\"{test}>{Summary("red")}<C:prop-filter name=\"LOCATION\"><C:text-match>north</C:text-match></C:prop-filter></C:comp-filter></C:comp-filter>";
        Assert.Equal("both", NamesOf(await QueryAsync(Query(""))));
        Assert.Equal("both", NamesOf(await QueryAsync(Query(" test=\"allof\""))));
        Assert.Equal("both north red", NamesOf(await QueryAsync(Query(" test=\"anyof\""))));
        Assert.Equal("both red", NamesOf(await QueryAsync("<C:comp-filter name=\"VCALENDAR\"><C:comp-filter name=\"VEVENT\"><C:prop-filter name=\"SUMMARY\" test=\"anyof\"><C:text-match>blue</C:text-match><C:text-match>ed</C:text-match></C:prop-filter></C:comp-filter></C:comp-filter>")));
    }

    [Fact]
    public async Task A_range_is_one_condition_among_others_when_any_is_enough()
    {
        await PutAsync("june", "VEVENT", "DTSTART:20260601T090000Z");
        await PutAsync("july-red", "VEVENT", "DTSTART:20260701T090000Z", "SUMMARY:red");
        await PutAsync("july", "VEVENT", "DTSTART:20260701T090000Z");
        var range = Range("20260601T000000Z", "20260602T000000Z");
        Assert.Equal("july-red june", NamesOf(await QueryAsync($"<C:comp-filter name=\"VCALENDAR\"><C:comp-filter name=\"VEVENT\" test=\"anyof\">{range}{Summary("red")}</C:comp-filter></C:comp-filter>")));
    }

    [Fact]
    public async Task Component_types_can_be_asked_to_be_absent_or_one_of_several()
    {
        await PutAsync("event", "VEVENT", Times);
        await PutAsync("todo", "VTODO", "SUMMARY:x");
        await PutAsync("journal", "VJOURNAL", "SUMMARY:x");
        Assert.Equal("journal todo", NamesOf(await QueryAsync("<C:comp-filter name=\"VCALENDAR\"><C:comp-filter name=\"VEVENT\"><C:is-not-defined/></C:comp-filter></C:comp-filter>")));
        Assert.Equal("event todo", NamesOf(await QueryAsync("<C:comp-filter name=\"VCALENDAR\" test=\"anyof\"><C:comp-filter name=\"VEVENT\"/><C:comp-filter name=\"VTODO\"/></C:comp-filter>")));
        Assert.Equal("", NamesOf(await QueryAsync("<C:comp-filter name=\"VCALENDAR\"><C:comp-filter name=\"VEVENT\"/><C:comp-filter name=\"VTODO\"/></C:comp-filter>")));
        Assert.Equal("", NamesOf(await QueryAsync("<C:comp-filter name=\"VCALENDAR\"><C:is-not-defined/></C:comp-filter>")));
        Assert.Equal("event journal todo", NamesOf(await QueryAsync("<C:comp-filter name=\"VCALENDAR\"/>")));
        Assert.Equal("event journal todo", NamesOf(await QueryAsync("<C:comp-filter name=\"VCALENDAR\"><C:prop-filter name=\"VERSION\"><C:text-match>2.0</C:text-match></C:prop-filter></C:comp-filter>")));
        Assert.Equal("", NamesOf(await QueryAsync("<C:comp-filter name=\"VCALENDAR\"><C:comp-filter name=\"X-THING\"/></C:comp-filter>")));
    }

    [Theory]
    [InlineData("", "valid-filter")]
    [InlineData("<C:comp-filter name=\"VEVENT\"/>", "valid-filter")]
    [InlineData("<C:comp-filter/>", "valid-filter")]
    [InlineData("<C:comp-filter name=\"VCALENDAR\"/><C:comp-filter name=\"VCALENDAR\"/>", "valid-filter")]
    [InlineData("<C:comp-filter name=\"VCALENDAR\"><C:comp-filter name=\"VTODO\"><C:comp-filter name=\"VEVENT\"/></C:comp-filter></C:comp-filter>", "valid-filter")]
    [InlineData("<C:comp-filter name=\"VCALENDAR\"><C:comp-filter name=\"VALARM\"/></C:comp-filter>", "valid-filter")]
    [InlineData("<C:comp-filter name=\"VCALENDAR\"><C:time-range start=\"20260101T000000Z\"/></C:comp-filter>", "valid-filter")]
    [InlineData("<C:comp-filter name=\"VCALENDAR\"><C:comp-filter name=\"VEVENT\"><C:prop-filter name=\"SUMMARY\"><C:time-range start=\"20260101T000000Z\"/></C:prop-filter></C:comp-filter></C:comp-filter>", "valid-filter")]
    [InlineData("<C:comp-filter name=\"VCALENDAR\"><C:comp-filter name=\"VEVENT\"><C:is-not-defined/><C:prop-filter name=\"SUMMARY\"/></C:comp-filter></C:comp-filter>", "valid-filter")]
    [InlineData("<C:comp-filter name=\"VCALENDAR\"><C:comp-filter name=\"VEVENT\" test=\"some\"/></C:comp-filter>", "valid-filter")]
    [InlineData("<C:comp-filter name=\"VCALENDAR\"><C:comp-filter name=\"VEVENT\"><C:prop-filter name=\"SUMMARY\"><C:text-match negate-condition=\"maybe\">x</C:text-match></C:prop-filter></C:comp-filter></C:comp-filter>", "valid-filter")]
    [InlineData("<C:comp-filter name=\"VCALENDAR\"><C:comp-filter name=\"VEVENT\"><C:near/></C:comp-filter></C:comp-filter>", "supported-filter")]
    [InlineData("<C:comp-filter name=\"VCALENDAR\"><C:comp-filter name=\"VEVENT\"><x xmlns=\"urn:x\"/></C:comp-filter></C:comp-filter>", "supported-filter")]
    public async Task A_filter_that_is_wrong_is_refused_with_its_precondition(string filter, string condition)
    {
        var answer = await QueryAsync(filter);
        Assert.Equal(403, answer.Status);
        Assert.True(answer.HasCondition(Condition(condition)), answer.Text);
    }

    [Fact]
    public async Task A_query_without_filter_is_refused()
    {
        var answer = await ReportAsync($"<C:calendar-query {CalDav}><D:prop><D:getetag/></D:prop></C:calendar-query>");
        Assert.True(answer.HasCondition(Condition("valid-filter")), answer.Text);
    }

    [Fact]
    public async Task A_filter_with_conditions_beyond_number_is_refused()
    {
        var condition = "<C:prop-filter name=\"SUMMARY\"><C:text-match>x</C:text-match></C:prop-filter>";
        var answer = await QueryAsync($"<C:comp-filter name=\"VCALENDAR\"><C:comp-filter name=\"VEVENT\">{string.Concat(Enumerable.Repeat(condition, 1000))}</C:comp-filter></C:comp-filter>");
        Assert.Equal(403, answer.Status);
        Assert.True(answer.HasCondition(Condition("valid-filter")));
    }
}
