using System.Text;
using CalDavServer.Commands;
using Xunit;

namespace CalDavServer.Tests.Operations;

public sealed class ImportTests
{
    [Fact]
    public async Task People_are_imported_with_their_ids_and_passwords_and_weak_ones_are_warned_of()
    {
        await using var program = new ServerProgram();
        await program.RunAsync("add-practice", "Bay Street", "--zone", "Australia/Melbourne");
        program.Write("people.csv", "\ufefflogin,name,email,role,practice,app_password,id\r\nAnna@example.org,\"Miller, \"\"Ann\"\"\",anna@example.org,practitioner,bay street,secret,anna-1\r\n\r\nben@example.org,Ben,,user,,\"kR7 x,vQ2 pL9 mW4 tZ6\",\r\n");

        var first = await program.RunAsync("import-users", "people.csv");

        Assert.Equal((0, "2 imported, 0 already there."), (first.Code, first.Output.Split('\n')[0]));
        Assert.Equal("Line 2: warning: the app password is weak. Replace it with one made by app-password new.", first.Error.Trim());
        Assert.DoesNotContain("secret", first.Output + first.Error, StringComparison.Ordinal);
        Assert.Contains("Imported", (await program.RunAsync("app-password", "list", "anna@example.org")).Output, StringComparison.Ordinal);

        Assert.Equal(0, (await program.RunAsync("audit", "export", "Bay Street", "--output", "audit.jsonl")).Code);
        var audit = await File.ReadAllTextAsync(Path.Combine(program.Folder, "audit.jsonl"), TestContext.Current.CancellationToken);
        Assert.Contains("AppPasswordMade", audit, StringComparison.Ordinal);

        var again = await program.RunAsync("import-users", "people.csv");
        Assert.Equal((0, "0 imported, 2 already there."), (again.Code, again.Output.Trim()));
        Assert.Single((await program.RunAsync("app-password", "list", "ben@example.org")).Output.Trim().Split('\n'));
    }

    [Fact]
    public async Task Of_a_table_with_faults_nobody_is_imported_and_every_fault_names_its_line()
    {
        await using var program = new ServerProgram();
        program.Write("people.csv", "login,role,practice,id\ngood@example.org,user,,\nx@example.org,emperor,,\ny@example.org,practitioner,,\nz@example.org,practitioner,Nowhere,\n,user,,\nv@example.org,user,,a/b\ngood@EXAMPLE.org,user,,\nshort,user\n");

        var result = await program.RunAsync("import-users", "people.csv");

        Assert.Equal(1, result.Code);
        var lines = result.Error.Trim().Split('\n').Select(line => line.Trim()).ToList();
        Assert.Equal("Nobody was imported.", lines[^1]);
        Assert.Equal([3, 4, 5, 6, 7, 8, 9], lines[..^1].Select(line => int.Parse(line.Split(' ', ':')[1], System.Globalization.CultureInfo.InvariantCulture)).Order());
        Assert.Equal(3, (await program.RunAsync("app-password", "list", "good@example.org")).Code);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("login,name\na,b\n", "columns")]
    [InlineData("login,role,colour\n", "'colour'")]
    [InlineData("login,role,login\n", "'login'")]
    public async Task A_table_without_its_header_is_refused(string text, string reason)
    {
        await using var program = new ServerProgram();
        program.Write("people.csv", text);

        var result = await program.RunAsync("import-users", "people.csv");

        Assert.Equal(1, result.Code);
        Assert.Contains(reason, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_table_that_is_not_UTF8_is_refused()
    {
        await using var program = new ServerProgram();
        await File.WriteAllBytesAsync(Path.Combine(program.Folder, "people.csv"), Encoding.Latin1.GetBytes("login,role,name\na,user,Jürgen\n"), TestContext.Current.CancellationToken);

        var result = await program.RunAsync("import-users", "people.csv");

        Assert.Equal(1, result.Code);
        Assert.Contains("UTF-8", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Quoted_fields_may_have_commas_quotes_and_line_breaks_and_lines_are_counted()
    {
        var records = CsvReader.Read("a,\"b,\"\"c\"\"\nd\",\r\n\n\"\",e").Select(record => (record.Line, string.Join('|', record.Fields))).ToList();

        Assert.Equal([(1, "a|b,\"c\"\nd|"), (4, "|e")], records);
    }

    [Theory]
    [InlineData("a,\"b\nc")]
    [InlineData("a,\"b\"c\n")]
    public void A_quote_that_ends_too_late_or_too_early_is_an_error(string text) => Assert.Throws<FormatException>(() => CsvReader.Read(text).ToList());
}
