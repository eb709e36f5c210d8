using System.Globalization;
using Xunit;

namespace Fuzzing;

/// <summary>A minute of what runs for hours by command (README.md).</summary>
public sealed class FuzzingTests
{
    // CI has to end; FUZZ_SECONDS asks for more or less
    private static readonly int Seconds = int.Parse(Environment.GetEnvironmentVariable("FUZZ_SECONDS") ?? "60", CultureInfo.InvariantCulture);

    // an app password does not open the diary's API (403); of allprop and prop only one may be asked (RFC 4791 §9.5)
    private static readonly string[] Refused = ["api-book 403", "api-list 403", "query-limit 400"];

    [Fact]
    public async Task Mutated_requests_are_answered_without_500_hang_growth_or_loss()
    {
        var output = TestContext.Current.TestOutputHelper!;
        var folder = Directory.CreateTempSubdirectory("fuzz-");
        var options = new FuzzOptions(TimeSpan.FromSeconds(Seconds), Random.Shared.Next(), folder.FullName);
        var fuzzer = new Fuzzer(options, output.WriteLine);
        var failures = await fuzzer.RunAsync();
        Assert.True(failures.Count == 0, $"seed {options.Seed}, what failed is in {folder.FullName}/failures\n{output.Output}\n{string.Join("\n\n", failures)}");
        folder.Delete(recursive: true);
        Assert.True(fuzzer.Sent > 20 * Seconds && fuzzer.Outcomes > 200, $"only {fuzzer.Sent} requests with {fuzzer.Outcomes} outcomes were sent");
    }

    [Fact]
    public async Task Each_request_to_begin_with_is_answered_as_it_is()
    {
        var fuzzer = new Fuzzer(new FuzzOptions(TimeSpan.Zero, 0), TestContext.Current.TestOutputHelper!.WriteLine);
        Assert.Empty(await fuzzer.RunAsync());
        var refused = fuzzer.Statuses.Where(status => status.Value is not (>= 200 and < 400)).Select(status => $"{status.Key} {status.Value}").Order(StringComparer.Ordinal);
        Assert.True(Refused.SequenceEqual(refused), string.Join(", ", refused));
        Assert.True(fuzzer.Statuses.Count > 50, $"{fuzzer.Statuses.Count}");
    }

    [Fact]
    public void A_saved_request_is_read_as_it_was()
    {
        var request = new FuzzRequest("PUT {calendar}\u00ff HTTP/1.1", ["Host: {host}", "X: \u0001"], "a\r\n\r\n\0b\u00e9");
        var path = Path.GetTempFileName();
        File.WriteAllBytes(path, request.ToBytes());
        var read = FuzzRequest.Read(path);
        File.Delete(path);
        Assert.Equal((request.Line, request.Body), (read.Line, read.Body));
        Assert.Equal(request.Headers, read.Headers);
    }
}
