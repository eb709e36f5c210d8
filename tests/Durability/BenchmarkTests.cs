using System.Diagnostics;
using Xunit;

namespace Durability;

/// <summary>The benchmark of SQLite alone writes the store's own tables with statements of its own: they have to follow the schema.</summary>
public sealed class BenchmarkTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("alone-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task What_SQLite_alone_commits_is_measured_with_the_tables_as_they_are_now()
    {
        // .../tests/Durability/bin/Debug/net10.0/
        var output = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory).Split("/Durability/", 2)[1];
        var program = Path.Combine(AppContext.BaseDirectory, "../../../../Benchmarks", output, "Benchmarks.dll");
        using var run = Process.Start(new ProcessStartInfo("dotnet", ["exec", program, "sqlite", _folder.FullName, "0.1"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (said, wrong) = (run.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), run.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await run.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(run.ExitCode == 0, await wrong);
        Assert.Matches(@"\AW8 [1-9]\d*\nW1 [1-9]\d*\n\z", await said);
    }
}
