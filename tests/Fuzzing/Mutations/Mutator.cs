namespace Fuzzing.Mutations;

/// <summary>Makes of a request another that is a little wrong, in one to four places.</summary>
internal sealed class Mutator(Random random)
{
    private static readonly Func<FuzzRequest, Random, FuzzRequest?>[] Kinds =
    [
        TargetMutation.Apply,
        HeaderMutation.Apply,
        HeaderMutation.Apply,
        XmlMutation.Apply,
        XmlMutation.Apply,
        XmlMutation.Apply,
        CalendarMutation.Apply,
        CalendarMutation.Apply,
        CalendarMutation.Apply,
        ByteMutation.Apply,
        FramingMutation.Apply,
    ];

    /// <summary>A mutated request. Now and then the body is that of another one.</summary>
    public FuzzRequest Mutate(FuzzRequest request, FuzzRequest other)
    {
        if (random.Next(15) == 0) request = request with { Body = other.Body };
        for (var times = 1 + random.Next(4); times > 0; times--)
        {
            FuzzRequest? mutated = null;
            while (mutated is null) mutated = Kinds[random.Next(Kinds.Length)](request, random);
            request = mutated;
        }

        return request;
    }
}
