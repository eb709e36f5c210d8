namespace Fuzzing.Mutations;

/// <summary>Bytes of the body that are flipped, left out, doubled or moved, without any idea of what they mean.</summary>
internal static class ByteMutation
{
    public static FuzzRequest? Apply(FuzzRequest request, Random random)
    {
        if (request.Body.Length == 0) return random.Next(20) == 0 ? request with { Body = random.Text() } : null;
        var body = request.Body;
        for (var times = 1 + random.Next(6); times > 0 && body.Length > 0; times--)
        {
            if (random.Next(2) == 0)
            {
                body = random.Shuffle(body);
                continue;
            }

            var bytes = body.ToCharArray();
            bytes[random.Next(bytes.Length)] ^= (char)(1 << random.Next(8));
            body = new string(bytes);
        }

        return request with { Body = body };
    }
}
