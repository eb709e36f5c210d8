using Calendaring.Store;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using Xunit;

namespace Calendaring.Tests.Store;

public abstract partial class StoreContract
{
    /// <summary>Lengths of every class of the index, and the borders between them; null is open.</summary>
    private static readonly Gen<Duration?> Lengths = Gen.Frequency(
        (1, Gen.Constant<Duration?>(null)),
        (1, Gen.Constant<Duration?>(Duration.Zero)),
        (4, Gen.Choose(1, 600).Select(minutes => (Duration?)Duration.FromMinutes(minutes))),
        (3, Gen.Elements(1, 8, 64, 512, 4096).SelectMany(days => Gen.Choose(-1, 1).Select(off => (Duration?)(Duration.FromDays(days) + Duration.FromSeconds(off))))),
        (2, Gen.Choose(1, 9000).Select(days => (Duration?)Duration.FromDays(days))));

    private static readonly Gen<Instant?> Starts = Gen.Frequency(
        (1, Gen.Constant<Instant?>(null)),
        (9, Gen.Choose(-400 * 24, 400 * 24).Select(hours => (Instant?)(Samples.Now + Duration.FromHours(hours)))));

    [Fact]
    public async Task Candidates_are_those_of_a_naive_search()
    {
        var id = await CollectionAsync();
        var other = await CollectionAsync(name: "other");
        var given = Gen.Zip(Gen.Zip(Starts, Lengths), Gen.Elements("VEVENT", "VTODO")).ArrayOf(400).Sample(1, 1)[0];
        var puts = given.Select((g, n) => Samples.PutBetween(id, $"o{n}", g.Item1.Item1, g.Item1.Item1 + g.Item1.Item2, g.Item2)).ToList();
        puts.Add(Samples.PutBetween(id, "endOnly", null, Samples.Now));
        puts.Add(Samples.PutBetween(id, "all", Instant.MinValue, Instant.MaxValue));
        await ApplyAsync([.. puts, Samples.PutBetween(other, "x", Samples.Now, Samples.Now)]);
        foreach (var ((from, length), component) in Gen.Zip(Gen.Zip(Starts, Lengths), Gen.Elements<string?>(null, "VEVENT", "VTODO")).Sample(1, 300))
        {
            var until = from is null ? Samples.Now : from + length;
            var found = (await ListAsync(s => s.ListCandidatesAsync(id, component, from, until))).Select(o => o.Row.Name).ToHashSet();
            var expected = puts.Where(p => IsCandidate(p.Index, component, from, until)).Select(p => p.Name).ToHashSet();
            Assert.Equal(expected.Order(), found.Order());
        }
        Assert.Equal(puts.Count, (await ListAsync(s => s.ListCandidatesAsync(id, null, null, null))).Count);
    }

    [Fact]
    public async Task Candidates_come_with_their_bytes_and_unpublished_ones_too()
    {
        var id = await CollectionAsync();
        await ApplyAsync(Samples.Put(id, "a", "bytes") with { Published = false });
        var found = Assert.Single(await ListAsync(s => s.ListCandidatesAsync(id, "VEVENT", Samples.Now, Samples.Now + Duration.FromDays(1))));
        Assert.Equal("bytes", Samples.Text(found));
        Assert.False(found.Row.Published);
    }

    [Fact]
    public async Task An_object_moved_in_time_is_a_candidate_at_its_new_time_only()
    {
        var id = await CollectionAsync();
        var later = Samples.Now + Duration.FromDays(30);
        await ApplyAsync(Samples.PutBetween(id, "a", Samples.Now, Samples.Now + Duration.FromHours(1)));
        await ApplyAsync(Samples.PutBetween(id, "a", later, later + Duration.FromHours(1)));
        Assert.Empty(await ListAsync(s => s.ListCandidatesAsync(id, null, Samples.Now, Samples.Now + Duration.FromDays(1))));
        Assert.Single(await ListAsync(s => s.ListCandidatesAsync(id, null, later, later + Duration.FromDays(1))));
    }

    /// <summary>Bounds count as inside, so that an instantaneous object at the edge is a candidate.</summary>
    private static bool IsCandidate(ObjectIndex index, string? component, Instant? from, Instant? until) =>
        (component is null || index.Component == component)
        && (until is null || index.Start is null || index.Start <= until)
        && (from is null || index.End is null || index.End >= from);
}
