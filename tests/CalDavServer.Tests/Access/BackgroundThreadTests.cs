using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using CalDavServer.Access;
using Xunit;

namespace CalDavServer.Tests.Access;

/// <summary>Work that cannot let others go first has a thread of its own, behind all others.</summary>
public sealed class BackgroundThreadTests
{
    private const int IdlePolicy = 5;

    [Fact]
    public void It_is_behind_the_others_and_they_stay_where_they_are()
    {
        Assert.SkipUnless(RuntimeInformation.IsOSPlatform(OSPlatform.Linux), "Niceness and policy are read from /proc.");
        var before = Place();
        var there = BackgroundThread.Run("test", Place);
        // the second where the processors are all in use
        Assert.True(there is { Policy: IdlePolicy } or { Niceness: 5, Policy: 0 }, $"{there}");
        Assert.Equal(before, Place());
        Assert.True(before is { Niceness: < 5, Policy: 0 }, "the tests themselves are behind");
    }

    [Fact]
    public void Work_answers_or_fails_with_what_it_threw()
    {
        Assert.Equal(7, BackgroundThread.Run("test", () => 7));
        var thrown = Assert.Throws<InvalidOperationException>(() => BackgroundThread.Run<int>("test", () => throw new InvalidOperationException("It failed.")));
        Assert.Equal("It failed.", thrown.Message);
    }

    // what gets only the time that nobody wants would take a minute here
    [Fact]
    public async Task Where_every_processor_is_in_use_it_still_gets_its_share()
    {
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var busy = Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Thread(() => Spin(() => end.IsCancellationRequested))).ToList();
        busy.ForEach(static thread => thread.Start());
        try
        {
            var began = Stopwatch.GetTimestamp();
            await Task.Run(() => BackgroundThread.Run("test", () => Work(TimeSpan.FromMilliseconds(200))), TestContext.Current.CancellationToken);
            Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(20), $"{Stopwatch.GetElapsedTime(began)}");
        }
        finally
        {
            await end.CancelAsync();
            busy.ForEach(static thread => thread.Join());
        }
    }

    private static void Spin(Func<bool> isOver)
    {
        while (!isOver()) Thread.SpinWait(1000);
    }

    // a fixed amount of work, whatever the processor does beside
    private static int Work(TimeSpan alone)
    {
        var rounds = 0;
        for (var n = 0L; n < (long)(alone.TotalMilliseconds * 200_000); n++) rounds = unchecked((rounds * 31) + (int)n);
        return rounds;
    }

    // of the thread that asks (proc(5): stat, fields 19 and 41)
    private static (int Niceness, int Policy) Place()
    {
        var fields = File.ReadAllText("/proc/thread-self/stat").Split(") ")[^1].Split(' ');
        return (Number(16), Number(38));

        int Number(int index) => int.Parse(fields[index], CultureInfo.InvariantCulture);
    }
}

