using System.Text.Json;
using Xunit;

namespace CalDavServer.Tests.Operations;

/// <summary>THIRD-PARTY-NOTICES.md names whatever the server is distributed with.</summary>
public sealed class NoticesTests
{
    [Fact]
    public void Every_package_of_the_server_has_its_line_and_no_other()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "CalendarSync.sln"))) root = root.Parent!;
        using var locked = JsonDocument.Parse(File.ReadAllText(Path.Combine(root.FullName, "src", "CalDavServer", "packages.lock.json")));
        var used = locked.RootElement.GetProperty("dependencies").EnumerateObject().SelectMany(framework => framework.Value.EnumerateObject())
            .Where(package => package.Value.GetProperty("type").GetString() != "Project").Select(package => package.Name).Distinct().Order(StringComparer.Ordinal);
        var listed = File.ReadLines(Path.Combine(root.FullName, "THIRD-PARTY-NOTICES.md"))
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(1).Select(line => line.Split('|')[1].Trim()).Order(StringComparer.Ordinal);
        Assert.Equal(used, listed);
    }
}
