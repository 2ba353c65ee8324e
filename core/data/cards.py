"""What is known about each downloaded set; addresses and hashes are those in Keras's own source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from core.data.facts import Kind, Task


class File(NamedTuple):
    url: str
    hash: str


@dataclass(frozen=True)
class Card:
    """One set: where its files are, and the facts that need no file."""

    title: str
    kind: Kind
    rows: int
    shape: tuple[int, ...]
    target: str
    task: Task
    help: str
    licence: str
    instead: str
    files: tuple[File, ...]
    class_names: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    white: float | None = None


_KERAS = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"
_CIFAR = "https://www.cs.toronto.edu/~kriz/"
_DIGITS = tuple("0123456789")
_CLOTHES = "T-shirt,Trouser,Pullover,Dress,Coat,Sandal,Shirt,Sneaker,Bag,Ankle boot"
_CIFAR10 = "airplane,automobile,bird,cat,deer,dog,frog,horse,ship,truck"
_CIFAR100 = (
    "apple,aquarium_fish,baby,bear,beaver,bed,bee,beetle,bicycle,bottle,bowl,boy,bridge,bus,butterfly,camel,can,castle,"
    "caterpillar,cattle,chair,chimpanzee,clock,cloud,cockroach,couch,crab,crocodile,cup,dinosaur,dolphin,elephant,"
    "flatfish,forest,fox,girl,hamster,house,kangaroo,keyboard,lamp,lawn_mower,leopard,lion,lizard,lobster,man,"
    "maple_tree,motorcycle,mountain,mouse,mushroom,oak_tree,orange,orchid,otter,palm_tree,pear,pickup_truck,pine_tree,"
    "plain,plate,poppy,porcupine,possum,rabbit,raccoon,ray,road,rocket,rose,sea,seal,shark,shrew,skunk,skyscraper,"
    "snail,snake,spider,squirrel,streetcar,sunflower,sweet_pepper,table,tank,telephone,television,tiger,tractor,train,"
    "trout,tulip,turtle,wardrobe,whale,willow_tree,wolf,woman,worm"
)
_REUTERS = (
    "cocoa,grain,veg-oil,earn,acq,wheat,copper,housing,money-supply,coffee,sugar,trade,reserves,ship,cotton,carcass,"
    "crude,nat-gas,cpi,money-fx,interest,gnp,meal-feed,alum,oilseed,gold,tin,strategic-metal,livestock,retail,ipi,"
    "iron-steel,rubber,heat,jobs,lei,bop,zinc,orange,pet-chem,dlr,gas,silver,wpi,hog,lead"
)
# Keras's docstring lists eight names, but its file does not carry them: neutral ones promise nothing wrong.
_HOUSING = tuple(f"x{index}" for index in range(1, 9))
_WORDS = 200

CARDS: dict[str, Card] = {
    "mnist": Card(
        "MNIST",
        "image",
        70_000,
        (28, 28, 1),
        "digit",
        "classification",
        "70,000 pictures of handwritten digits (28 × 28). Which digit is it?",
        "CC BY-SA 3.0, Yann LeCun and Corinna Cortes.",
        "digits",
        (File(_KERAS + "mnist.npz", "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"),),
        _DIGITS,
        white=255.0,
    ),
    "fashion_mnist": Card(
        "Fashion-MNIST",
        "image",
        70_000,
        (28, 28, 1),
        "article",
        "classification",
        "70,000 pictures of clothes (28 × 28) in ten kinds. Harder than MNIST.",
        "MIT, Zalando SE.",
        "digits",
        (  # Keras states no hashes for these; these MD5 sums are the ones that Zalando publishes
            File(_KERAS + "train-images-idx3-ubyte.gz", "md5:8d4fb7e6c68d591d4c3dfef9ec88bf0d"),
            File(_KERAS + "train-labels-idx1-ubyte.gz", "md5:25c81989df183df01b3e8a0aad5dffbe"),
            File(_KERAS + "t10k-images-idx3-ubyte.gz", "md5:bef4ecab320f06d8554ea6380940ec79"),
            File(_KERAS + "t10k-labels-idx1-ubyte.gz", "md5:bb300cfdad3c16e7a12a480ee83cd310"),
        ),
        tuple(_CLOTHES.split(",")),
        white=255.0,
    ),
    "cifar10": Card(
        "CIFAR-10",
        "image",
        60_000,
        (32, 32, 3),
        "object",
        "classification",
        "60,000 small colour photos (32 × 32) in ten classes.",
        "Alex Krizhevsky 2009, Learning Multiple Layers of Features from Tiny Images.",
        "digits",
        (File(_CIFAR + "cifar-10-python.tar.gz", "6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce"),),
        tuple(_CIFAR10.split(",")),
        white=255.0,
    ),
    "cifar100": Card(
        "CIFAR-100",
        "image",
        60_000,
        (32, 32, 3),
        "object",
        "classification",
        "60,000 small colour photos (32 × 32) in a hundred classes.",
        "Alex Krizhevsky 2009, Learning Multiple Layers of Features from Tiny Images.",
        "digits",
        (File(_CIFAR + "cifar-100-python.tar.gz", "85cd44d02ba6437773c5bbd22e183051d648de2e7d6b014e1ef29b855ba677a7"),),
        tuple(_CIFAR100.split(",")),
        white=255.0,
    ),
    "imdb": Card(
        "IMDB reviews",
        "text",
        50_000,
        (_WORDS,),
        "opinion",
        "binary",
        "50,000 film reviews as word numbers: the last 200 words, the 10,000 most frequent words. Good or bad?",
        "Maas et al. 2011, Learning Word Vectors for Sentiment Analysis.",
        "breast_cancer",
        (File(_KERAS + "imdb.npz", "69664113be75683a8fe16e3ed0ab59fda8886cb3cd7ada244f7d9544e4676b9f"),),
        ("bad", "good"),
    ),
    "reuters": Card(
        "Reuters newswires",
        "text",
        11_228,
        (_WORDS,),
        "topic",
        "classification",
        "11,228 newswires as word numbers: the last 200 words, the 10,000 most frequent words. Which of 46 topics?",
        "The Reuters-21578 collection.",
        "wine",
        (File(_KERAS + "reuters.npz", "d6586e694ee56d7a4e65172e12b3e987c03096cb01eab99753921ef915959916"),),
        tuple(_REUTERS.split(",")),
    ),
    "california_housing": Card(
        "California housing",
        "table",
        20_640,
        (8,),
        "median house value",
        "regression",
        "20,640 districts of California in 1990. What does a house cost there, in US dollars?",
        "Pace and Barry 1997; from the US census of 1990.",
        "diabetes",
        (File(_KERAS + "california_housing.npz", "1a2e3a52e0398de6463aebe6f4a8da34fb21fbb6b934cf88c3425e766f2a1a6f"),),
        columns=_HOUSING,
    ),
}
