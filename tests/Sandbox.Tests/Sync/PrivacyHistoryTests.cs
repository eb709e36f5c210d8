using System.Globalization;
using Practice;
using ProviderBridge.Sync;
using ProviderBridge.Tests.Sync;
using Sandbox.Tests.CalDav;

namespace Sandbox.Tests.Sync;

/// <summary>
/// No byte of what is hidden is in anything that a service is ever asked, at any level and whatever is shown of private appointments, in any history of bookings, edits, moves, cancellations, conversions, versions on both sides, changes of the
/// level, comparisons of all, refusals and processes that end; a title that somebody gives what is hidden is not taken, and in the end both sides agree on the times. <c>BRIDGE_HISTORIES=500 dotnet test --project tests/Sandbox.Tests --filter-class "*In_any_history_what_is_hidden_from_Google"</c> plays five hundred; <c>BRIDGE_SEED=7</c> plays one again.
/// </summary>
public abstract class In_any_history_what_is_hidden
{
    /// <summary>How many histories a run of the tests plays: always the same ones.</summary>
    private const int Short = 3;

    private const int Steps = 40;

    /// <summary>Seeds that failed once.</summary>
    private protected virtual IReadOnlyList<int> Failed => [];

    private IReadOnlyList<int> Known => Environment.GetEnvironmentVariable("BRIDGE_SEED") is { } one ? [int.Parse(one, CultureInfo.InvariantCulture)] : Failed;

    private protected abstract Task<PlayedLink> StartAsync(PrivacyLevel level, Func<Guid> newId);

    [Fact]
    public async Task Is_in_no_request_and_no_title_of_it_is_taken()
    {
        var count = int.Parse(Environment.GetEnvironmentVariable("BRIDGE_HISTORIES") ?? $"{Short}", CultureInfo.InvariantCulture);
        var (hidden, typed) = (0, 0);
        List<string> failures = [];
        for (var n = 0; n < Known.Count + count; n++)
        {
            var seed = n < Known.Count ? Known[n] : n < Known.Count + Short ? n : Random.Shared.Next();
            List<string> history = [$"seed {seed}"];
            try
            {
                var random = new Random(seed);
                await using var link = await StartAsync((PrivacyLevel)random.Next(5), SeededIds.Of(new Random(~seed)));
                var shown = (PrivateAs)random.Next(2);
                await link.ChangeAsync(one => one with { PrivateAs = shown });
                history.Add($"{(await link.LinkAsync()).Level} {shown}");
                var play = new PrivacyPlay(link, random, history);
                await play.PlayAsync(Steps);
                (hidden, typed) = (hidden + play.Counts.Hidden, typed + play.Counts.Typed);
            }
            catch (Exception failed) when (failures.Count < 50)
            {
                failures.Add($"{failed}\n{string.Join('\n', history)}");
            }
        }

        Assert.True(failures.Count == 0, string.Join("\n\n", failures));
        // one seed alone is played for what happens in it
        Assert.True(count == 0 || (hidden > 10 * count && typed > count / 2), $"{hidden} words hidden, {typed} titles typed");
    }
}

public sealed class In_any_history_what_is_hidden_from_Google : In_any_history_what_is_hidden
{
    private protected override async Task<PlayedLink> StartAsync(PrivacyLevel level, Func<Guid> newId) => new PlayedOutsideLink(await GoogleLink.StartAsync(level, newId: newId));
}

public sealed class In_any_history_what_is_hidden_from_Microsoft : In_any_history_what_is_hidden
{
    private protected override async Task<PlayedLink> StartAsync(PrivacyLevel level, Func<Guid> newId) => new PlayedOutsideLink(await MicrosoftLink.StartAsync(level, newId: newId));
}

public sealed class In_any_history_what_is_hidden_from_a_CalDAV_account : In_any_history_what_is_hidden
{
    private protected override async Task<PlayedLink> StartAsync(PrivacyLevel level, Func<Guid> newId) => new PlayedCalDavLink(await CalDavLink.StartAsync(level, newId: newId));
}
