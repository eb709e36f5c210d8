using System.Text;
using CalDavServer.Tests.Hosting;
using Xunit;
using static CalDavServer.Tests.Hosting.Xml;

namespace CalDavServer.Tests.BadInput;

/// <summary>Request bodies that are no XML, hostile XML, or not the XML that the method has (RFC 4918 §8.2, §17, §20.6).</summary>
public sealed class XmlBodyTests(BadInputServer server) : IClassFixture<BadInputServer>
{
    private const string Ask = "<propfind xmlns='DAV:'><prop><getetag/></prop></propfind>";

    public static TheoryData<string, string> NotWellFormed => new()
    {
        { "text", "hello" },
        { "white space", "   \r\n  " },
        { "a comment alone", "<!-- nothing -->" },
        { "a declaration alone", "<?xml version='1.0'?>" },
        { "the start of a tag", "<" },
        { "an open tag", "<propfind xmlns='DAV:'" },
        { "cut off", Ask[..^12] },
        { "cut off in an attribute", "<propfind xmlns='DA" },
        { "cut off in CDATA", "<propfind xmlns='DAV:'><![CDATA[ x" },
        { "two roots", Ask + Ask },
        { "text after the root", Ask + "x" },
        { "text before the root", "x" + Ask },
        { "a declaration that is not first", " <?xml version='1.0'?>" + Ask },
        { "crossed tags", "<propfind xmlns='DAV:'><prop><getetag></prop></getetag></propfind>" },
        { "an attribute twice", "<propfind xmlns='DAV:' a='1' a='2'><allprop/></propfind>" },
        { "an attribute twice by two prefixes", "<propfind xmlns='DAV:' xmlns:a='u' xmlns:b='u' a:x='1' b:x='2'><allprop/></propfind>" },
        { "an attribute without quotes", "<propfind xmlns='DAV:' a=1><allprop/></propfind>" },
        { "an attribute without value", "<propfind xmlns='DAV:' a><allprop/></propfind>" },
        { "less-than in an attribute", "<propfind xmlns='DAV:' a='<'><allprop/></propfind>" },
        { "an undeclared prefix", "<D:propfind><D:allprop/></D:propfind>" },
        { "an undeclared prefix of an attribute", "<propfind xmlns='DAV:' x:a='1'><allprop/></propfind>" },
        { "a prefix bound to nothing", "<a:propfind xmlns:a=''><a:allprop/></a:propfind>" },
        { "the prefix xml bound to another name", "<propfind xmlns='DAV:' xmlns:xml='urn:x'><allprop/></propfind>" },
        { "the prefix xmlns declared", "<propfind xmlns='DAV:' xmlns:xmlns='urn:x'><allprop/></propfind>" },
        { "the xmlns namespace bound", "<propfind xmlns='http://www.w3.org/2000/xmlns/'><allprop/></propfind>" },
        { "a name with two colons", "<a:b:c xmlns:a='DAV:'/>" },
        { "a name that begins with a digit", "<propfind xmlns='DAV:'><prop><1/></prop></propfind>" },
        { "an unknown entity", "<propfind xmlns='DAV:'><prop><x>&nbsp;</x></prop></propfind>" },
        { "a bare ampersand", "<propfind xmlns='DAV:'><prop><x>a & b</x></prop></propfind>" },
        { "a reference to NUL", "<propfind xmlns='DAV:'><prop><x>&#0;</x></prop></propfind>" },
        { "a reference to a control", "<propfind xmlns='DAV:'><prop><x>&#x1F;</x></prop></propfind>" },
        { "a reference to half a pair", "<propfind xmlns='DAV:'><prop><x>&#xD800;</x></prop></propfind>" },
        { "a reference to a noncharacter", "<propfind xmlns='DAV:'><prop><x>&#xFFFE;</x></prop></propfind>" },
        { "a reference beyond Unicode", "<propfind xmlns='DAV:'><prop><x>&#x110000;</x></prop></propfind>" },
        { "a reference beyond 32 bits", "<propfind xmlns='DAV:'><prop><x>&#99999999999;</x></prop></propfind>" },
        { "NUL", "<propfind xmlns='DAV:'><prop><x>\0</x></prop></propfind>" },
        { "NUL at the end", Ask + "\0" },
        { "a control", "<propfind xmlns='DAV:'><prop><x>\u0001</x></prop></propfind>" },
        { "two hyphens in a comment", "<propfind xmlns='DAV:'><!-- a -- b --><allprop/></propfind>" },
        { "the end of CDATA in text", "<propfind xmlns='DAV:'><prop><x>]]></x></prop></propfind>" },
        { "XML 1.1", "<?xml version='1.1'?>" + Ask },
        { "an instruction named xml", "<propfind xmlns='DAV:'><?xml a?><allprop/></propfind>" },
        { "a DTD", "<!DOCTYPE propfind>" + Ask },
        { "a DTD in lower case", "<!doctype propfind>" + Ask },
        { "an internal entity", "<!DOCTYPE p [<!ENTITY a 'b'>]><propfind xmlns='DAV:'><prop><x>&a;</x></prop></propfind>" },
        { "an external entity of a file", "<!DOCTYPE p [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><propfind xmlns='DAV:'><prop><x>&a;</x></prop></propfind>" },
        { "an external entity of the net", "<!DOCTYPE p [<!ENTITY a SYSTEM 'http://127.0.0.1:1/'>]><propfind xmlns='DAV:'><prop><x>&a;</x></prop></propfind>" },
        { "an external DTD", "<!DOCTYPE p SYSTEM 'http://127.0.0.1:1/x.dtd'><propfind xmlns='DAV:'><allprop/></propfind>" },
        { "a parameter entity", "<!DOCTYPE p [<!ENTITY % a SYSTEM 'http://127.0.0.1:1/'> %a;]><propfind xmlns='DAV:'><allprop/></propfind>" },
        { "a billion laughs", LaughsOf(10) },
        { "a quadratic blow-up", $"<!DOCTYPE p [<!ENTITY a '{new string('a', 50_000)}'>]><p>{string.Concat(Enumerable.Repeat("&a;", 50_000))}</p>" },
    };

    [Theory]
    [MemberData(nameof(NotWellFormed))]
    public async Task What_is_not_well_formed_is_400_with_its_line_for_every_method(string what, string body)
    {
        foreach (var method in new[] { "PROPFIND", "PROPPATCH", "REPORT" }) await AssertRefusedAsync(what, method, server.Calendar, Encoding.UTF8.GetBytes(body));
        foreach (var method in new[] { "MKCALENDAR", "MKCOL" }) await AssertRefusedAsync(what, method, server.Home + "new/", Encoding.UTF8.GetBytes(body));
        Assert.Equal(404, (await server.SendAsync("GET", server.Home + "new/")).Status);
    }

    public static TheoryData<string, byte[]> WrongEncodings => new()
    {
        { "bytes that are not UTF-8", Latin("<propfind xmlns='DAV:'><prop><x>\u00e9</x></prop></propfind>") },
        { "an overlong form", Latin("<propfind xmlns='DAV:'><prop><x>\u00c0\u00af</x></prop></propfind>") },
        { "half a pair in UTF-8", Latin("<propfind xmlns='DAV:'><prop><x>\u00ed\u00a0\u0080</x></prop></propfind>") },
        { "a character cut off", [.. Encoding.UTF8.GetBytes(Ask[..^12]), 0xc3, .. Encoding.UTF8.GetBytes(Ask[^12..])] },
        { "UTF-16 by name, UTF-8 by bytes", Latin("<?xml version='1.0' encoding='utf-16'?>" + Ask) },
        { "UTF-8 by name, UTF-16 by bytes without a mark", Encoding.Unicode.GetBytes("<?xml version='1.0' encoding='utf-8'?>" + Ask) },
        { "an encoding nobody knows", Latin("<?xml version='1.0' encoding='x-frob'?>" + Ask) },
        { "an encoding that is switched off", Latin("<?xml version='1.0' encoding='utf-7'?>" + Ask) },
        { "EBCDIC by name", Latin("<?xml version='1.0' encoding='IBM037'?>" + Ask) },
        { "an empty encoding", Latin("<?xml version='1.0' encoding=''?>" + Ask) },
        { "the mark of UTF-16 before UTF-8", [0xff, 0xfe, .. Encoding.UTF8.GetBytes(Ask)] },
        { "UTF-16 with an odd byte", [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(Ask[..^12]), 0x3c, .. Encoding.Unicode.GetBytes(Ask[^12..])] },
        { "half a pair in UTF-16", [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("<a>"), 0x00, 0xd8, .. Encoding.Unicode.GetBytes("</a>")] },
        { "two marks", [0xef, 0xbb, 0xbf, 0xef, 0xbb, 0xbf, .. Encoding.UTF8.GetBytes(Ask)] },
        { "a mark alone", [0xef, 0xbb, 0xbf] },
        { "a picture", [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d] },
    };

    [Theory]
    [MemberData(nameof(WrongEncodings))]
    public async Task What_is_in_no_encoding_or_another_than_it_says_is_400(string what, byte[] body) => await AssertRefusedAsync(what, "PROPFIND", server.Calendar, body);

    public static TheoryData<string, byte[]> Encodings => new()
    {
        { "UTF-8", Encoding.UTF8.GetBytes(Ask) },
        { "UTF-8 with a mark", [0xef, 0xbb, 0xbf, .. Encoding.UTF8.GetBytes("<?xml version='1.0' encoding='UTF-8'?>" + Ask)] },
        { "UTF-16 with a mark", [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("<?xml version='1.0' encoding='utf-16'?>" + Ask)] },
        { "UTF-16, the other end first", [.. Encoding.BigEndianUnicode.GetPreamble(), .. Encoding.BigEndianUnicode.GetBytes(Ask)] },
        { "Latin-1 by its declaration", Latin("<?xml version='1.0' encoding='iso-8859-1'?><!-- \u00e9 -->" + Ask) },
        { "comments, instructions and CDATA", Encoding.UTF8.GetBytes("<?x?><!-- x --><propfind xmlns='DAV:'><?y z?><prop><!-- --><getetag><![CDATA[x]]></getetag></prop></propfind><!-- x --> ") },
        { "a namespace that is not known", Encoding.UTF8.GetBytes("<propfind xmlns='DAV:' xmlns:u='urn:u' u:a='1'><u:x/><prop u:b='2'><getetag u:c='3'/><u:none/></prop></propfind>") },
        { "prefixes turned about", Encoding.UTF8.GetBytes("<C:propfind xmlns:C='DAV:'><D:prop xmlns:D='DAV:'><getetag xmlns='DAV:'/></D:prop></C:propfind>") },
    };

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task What_is_well_formed_in_any_encoding_of_XML_is_read(string what, byte[] body)
    {
        var answer = await server.SendAsync("PROPFIND", server.Kept, "Depth: 0\r\nContent-Type: text/plain\r\n", body);
        Assert.True(answer.Status == 207, $"{what}: {answer.Status} {answer.Text}");
        Assert.NotNull(answer.Property(D + "getetag"));
    }

    public static TheoryData<string, int, string> Large => new()
    {
        { Nested(20_000), 400, "The XML elements of the request body are nested deeper than 64." },
        { Nested(66), 400, "The XML elements of the request body are nested deeper than 64." },
        { $"<propfind xmlns='DAV:'><prop>{string.Concat(Enumerable.Repeat("<a/>", 100_000))}</prop></propfind>", 400, "The request body has more than 20000 XML elements." },
        { $"<propfind xmlns='DAV:'><prop>{string.Concat(Enumerable.Range(0, 1_001).Select(n => $"<a{n}/>"))}</prop></propfind>", 400, "More than 1000 properties are asked for." },
        { $"<propfind xmlns='DAV:' {string.Concat(Enumerable.Range(0, 60_000).Select(n => $" a{n}=''"))}><allprop/></propfind>", 400, "An XML element of the request body has more than 1000 attributes." },
        { $"<propfind xmlns='DAV:' {string.Concat(Enumerable.Range(0, 50_000).Select(n => $" xmlns:a{n}='u'"))}><allprop/></propfind>", 400, "An XML element of the request body has more than 1000 attributes." },
        { $"<propfind xmlns='DAV:' a='{new string('x', 1_100_000)}'><allprop/></propfind>", 413, "The request body is larger than 1048576 bytes." },
        { $"<propfind xmlns='DAV:'><prop><x>{new string('x', 1_100_000)}</x></prop></propfind>", 413, "The request body is larger than 1048576 bytes." },
    };

    [Theory]
    [MemberData(nameof(Large))]
    public async Task What_is_deep_long_or_many_is_refused_with_the_limit(string body, int status, string sentence)
    {
        var answer = await server.SendAsync("PROPFIND", server.Calendar, "Depth: 0\r\n", body);
        Assert.Equal((status, sentence + "\n"), (answer.Status, answer.Text));
    }

    [Theory]
    [InlineData("a name", 60_000, "<propfind xmlns='DAV:'><prop><x{0}/></prop></propfind>")]
    [InlineData("an attribute", 900_000, "<propfind xmlns='DAV:' a='{0}'><prop><x/></prop></propfind>")]
    [InlineData("text", 900_000, "<propfind xmlns='DAV:'><prop><x>{0}</x></prop></propfind>")]
    [InlineData("a comment", 900_000, "<propfind xmlns='DAV:'><!--{0}--><prop><x/></prop></propfind>")]
    [InlineData("a namespace", 60_000, "<propfind xmlns='DAV:'><prop><x xmlns='{0}'/></prop></propfind>")]
    public async Task What_is_long_and_within_the_limit_is_answered(string what, int length, string body)
    {
        var answer = await server.SendAsync("PROPFIND", server.Calendar, "Depth: 0\r\n", body.Replace("{0}", new string('x', length), StringComparison.Ordinal));
        Assert.True(answer.Status == 207, $"{what}: {answer.Status}");
        Assert.Contains("404", answer.Root.Descendants(D + "status").Single().Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_in_many_pieces_takes_little_time()
    {
        var body = $"<propfind xmlns='DAV:'><prop><x>{string.Concat(Enumerable.Repeat("<![CDATA[abc]]>", 69_000))}</x></prop></propfind>";
        Assert.Equal(207, (await server.SendAsync("PROPFIND", server.Calendar, "Depth: 0\r\n", body)).Status);
        body = $"<propertyupdate xmlns='DAV:'><set><prop><x xmlns='urn:x'>{string.Concat(Enumerable.Repeat("a<!---->", 120_000))}</x></prop></set></propertyupdate>";
        Assert.Equal(207, (await server.SendAsync("PROPPATCH", server.Calendar, "", body)).Status);
    }

    [Fact]
    public async Task Many_namespaces_in_scope_of_many_properties_take_little_time()
    {
        var scope = string.Concat(Enumerable.Range(0, 900).Select(n => $" xmlns:a{n}='u'"));
        var body = $"<propertyupdate xmlns='DAV:'{scope}><set><prop>{string.Concat(Enumerable.Repeat("<x xmlns='u'/>", 60))}</prop></set></propertyupdate>";
        Assert.Equal(207, (await server.SendAsync("PROPPATCH", server.Calendar, "", body)).Status);
        body = $"<propertyupdate xmlns='DAV:'{scope}><set><prop>{string.Concat(Enumerable.Repeat("<x/>", 19_000))}</prop></set></propertyupdate>";
        var answer = await server.SendAsync("PROPPATCH", server.Calendar, "", body);
        Assert.Equal(207, answer.Status);
        var statuses = answer.Root.Descendants(D + "status").Select(status => status.Value.Split(' ')[1]).ToList();
        Assert.Equal((1_001, 17_999), (statuses.Count(status => status == "507"), statuses.Count(status => status == "424")));
        Assert.Contains("More than 100 namespaces are declared around the property.", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PROPFIND", "<prop xmlns='DAV:'/>", 400, "The body of a PROPFIND is a DAV:propfind element.")]
    [InlineData("PROPFIND", "<propfind/>", 400, "The body of a PROPFIND is a DAV:propfind element.")]
    [InlineData("PROPFIND", "<propfind xmlns='dav:'><allprop/></propfind>", 400, "The body of a PROPFIND is a DAV:propfind element.")]
    [InlineData("PROPFIND", "<propfind xmlns='DAV:'/>", 400, "DAV:propfind asks for DAV:prop, DAV:allprop or DAV:propname.")]
    [InlineData("PROPFIND", "<propfind xmlns='DAV:'><allprop/><propname/></propfind>", 400, "Only one of DAV:prop, DAV:allprop and DAV:propname can be asked for, and once.")]
    [InlineData("PROPFIND", "<propfind xmlns='DAV:'><prop><x xmlns='http://www.w3.org/XML/1998/namespace'/></prop></propfind>", 400, null)]
    [InlineData("PROPPATCH", null, 400, "The body of a PROPPATCH is a DAV:propertyupdate element.")]
    [InlineData("PROPPATCH", "<propfind xmlns='DAV:'><allprop/></propfind>", 400, "The body of a PROPPATCH is a DAV:propertyupdate element.")]
    [InlineData("PROPPATCH", "<propertyupdate xmlns='DAV:'/>", 400, "DAV:propertyupdate sets or removes at least one property.")]
    [InlineData("PROPPATCH", "<propertyupdate xmlns='DAV:'><set/><remove><prop/></remove></propertyupdate>", 400, "DAV:propertyupdate sets or removes at least one property.")]
    [InlineData("PROPPATCH", "<propertyupdate xmlns='DAV:'><frob><prop><displayname>x</displayname></prop></frob></propertyupdate>", 400, null)]
    [InlineData("REPORT", null, 400, "A REPORT says in its body which report it asks for.")]
    [InlineData("REPORT", "<calendar-query xmlns='DAV:'/>", 403, "supported-report")]
    [InlineData("REPORT", "<frob xmlns='urn:x'/>", 403, "supported-report")]
    [InlineData("REPORT", "<propfind xmlns='DAV:'><allprop/></propfind>", 403, "supported-report")]
    [InlineData("REPORT", "<version-tree xmlns='DAV:'/>", 403, "supported-report")]
    [InlineData("REPORT", "<calendar-query xmlns='urn:ietf:params:xml:ns:caldav'/>", 403, "valid-filter")]
    [InlineData("REPORT", "<calendar-multiget xmlns='urn:ietf:params:xml:ns:caldav'/>", 400, "A calendar-multiget names at least one href.")]
    [InlineData("REPORT", "<free-busy-query xmlns='urn:ietf:params:xml:ns:caldav'/>", 400, null)]
    [InlineData("REPORT", "<sync-collection xmlns='DAV:'/>", 400, "A sync-collection has a sync-token, empty the first time.")]
    [InlineData("REPORT", "<sync-collection xmlns='DAV:'><sync-token>frob</sync-token></sync-collection>", 403, "valid-sync-token")]
    [InlineData("REPORT", "<sync-collection xmlns='DAV:'><sync-token/><limit><nresults>many</nresults></limit></sync-collection>", 400, "A limit holds nresults, a number.")]
    [InlineData("REPORT", "<expand-property xmlns='DAV:'><property/></expand-property>", 400, "expand-property holds property elements, each with the name of a property.")]
    [InlineData("REPORT", "<expand-property xmlns='DAV:'><property name='no name'/></expand-property>", 400, "expand-property holds property elements, each with the name of a property.")]
    [InlineData("REPORT", "<expand-property xmlns='DAV:'><property name='-x'/></expand-property>", 400, "expand-property holds property elements, each with the name of a property.")]
    [InlineData("REPORT", "<expand-property xmlns='DAV:'><property name='D:x'/></expand-property>", 400, "expand-property holds property elements, each with the name of a property.")]
    [InlineData("REPORT", "<expand-property xmlns='DAV:'><property name='owner'><property name='&lt;'/></property></expand-property>", 400, "expand-property holds property elements, each with the name of a property.")]
    [InlineData("REPORT", "<expand-property xmlns='DAV:'><property name='x' namespace='http://www.w3.org/XML/1998/namespace'/></expand-property>", 400, null)]
    [InlineData("MKCALENDAR", "<mkcol xmlns='DAV:'/>", 400, "The body of a MKCALENDAR is a CALDAV:mkcalendar element.")]
    [InlineData("MKCALENDAR", "<mkcalendar xmlns='DAV:'/>", 400, "The body of a MKCALENDAR is a CALDAV:mkcalendar element.")]
    [InlineData("MKCOL", null, 403, "valid-resourcetype")]
    [InlineData("MKCOL", "<mkcalendar xmlns='urn:ietf:params:xml:ns:caldav'/>", 415, "The body of a MKCOL is a DAV:mkcol element.")]
    [InlineData("MKCOL", "<mkcol xmlns='DAV:'/>", 403, "valid-resourcetype")]
    public async Task A_root_that_the_method_does_not_have_is_refused(string method, string? body, int status, string? said)
    {
        var path = method.StartsWith("MK", StringComparison.Ordinal) ? server.Home + "new/" : server.Calendar;
        var answer = await server.SendAsync(method, path, "Depth: 0\r\n", body is null ? [] : Encoding.UTF8.GetBytes(body));
        Assert.Equal(status, answer.Status);
        if (status == 403) Assert.True(answer.HasCondition(D + said!) || answer.HasCondition(C + said!), answer.Text);
        else if (said is not null) Assert.Equal(said + "\n", answer.Text);
        else Assert.EndsWith(".\n", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    [InlineData("OPTIONS")]
    [InlineData("DELETE")]
    public async Task A_body_that_would_be_ignored_is_415(string method)
    {
        Assert.Equal(415, (await server.SendAsync(method, server.Kept, "", Ask)).Status);
        Assert.Equal(415, (await server.SendAsync(method, server.Kept, "Transfer-Encoding: chunked\r\n", "1\r\nx\r\n0\r\n\r\n")).Status);
        Assert.InRange((await server.SendAsync(method, server.Calendar + "none.ics", "Content-Length: 0\r\n")).Status, 200, 404);
    }

    private async Task AssertRefusedAsync(string what, string method, string path, byte[] body)
    {
        var answer = await server.SendAsync(method, path, "Depth: 0\r\nContent-Type: application/xml; charset=utf-8\r\n", body);
        Assert.True(answer.Status == 400, $"{method} {what}: {answer.Status} {answer.Text}");
        Assert.Matches(@"^The request body (is not well-formed XML, or has a document type declaration: line \d+|is in a character encoding that is not supported)\.\n$", answer.Text);
    }

    private static byte[] Latin(string text) => Encoding.Latin1.GetBytes(text);

    private static string Nested(int depth) => string.Concat(Enumerable.Repeat("<a>", depth)) + string.Concat(Enumerable.Repeat("</a>", depth));

    private static string LaughsOf(int levels)
    {
        var entities = string.Concat(Enumerable.Range(1, levels).Select(n => $"<!ENTITY l{n} '{string.Concat(Enumerable.Repeat($"&l{n - 1};", 10))}'>"));
        return $"<!DOCTYPE p [<!ENTITY l0 'ha'>{entities}]><propfind xmlns='DAV:'><prop><x>&l{levels};</x></prop></propfind>";
    }
}
